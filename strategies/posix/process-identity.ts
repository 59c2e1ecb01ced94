/**
 * Which process this is, for all time, and whether another has ended. A pid alone comes again; with its start time it does
 * not, on one boot, in one pid namespace. Source: proc_pid_stat(5), kill(2), pid_namespaces(7).
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { ESRCH } from './errno.js';
import { allocate, close, errno, kill, type Memory, open, pread } from './libc.js';

export interface ProcessIdentity {
  /** The beginning of the boot's random id. */
  readonly boot: string;
  readonly pidNamespace: string;
  readonly pid: number;
  /** Clock ticks since boot, field 22 of /proc/PID/stat. */
  readonly start: string;
}

// Fields of /proc/PID/stat, counted from the state, which follows the command's name in parentheses.
const THREADS = 17;
const START = 19;

/** When a process started, or null if there is none. The command's name may hold spaces and parentheses. */
export function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START] ?? null;
  } catch {
    return null;
  }
}

let self: ProcessIdentity | undefined;

export function identityOfThisProcess(): ProcessIdentity {
  self ??= {
    boot: readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8),
    pidNamespace: /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0',
    pid: process.pid,
    start: startOf(process.pid) ?? '0',
  };
  return self;
}

let serial = 0;

/**
 * A name for one lock of this process that no other lock has had or will have, on this host: `BOOT.NAMESPACE.PID.START.SERIAL`,
 * fit for a file's name and for its content.
 */
export function uniqueName(): string {
  const { boot, pidNamespace, pid, start } = identityOfThisProcess();
  return `${boot}.${pidNamespace}.${pid}.${start}.${serial++}`;
}

const DOT = 0x2e;
const SPACE = 0x20;
const CLOSING = 0x29;
const ZERO = 0x30;
const ONE = 0x31;
const ZOMBIE = 0x5a;

/** Where field `count` begins, fields being parted by `separator`; the length if there are fewer. */
function fieldAt(bytes: Uint8Array, from: number, length: number, separator: number, count: number): number {
  let at = from;
  for (let left = count; left > 0 && at < length; at++) if (bytes[at] === separator) left--;
  return at;
}

const PROC = '/proc/';
const STAT = '/stat\0';
const LONGEST_PID = 10;
const STAT_BYTES = 1024;

/**
 * Makes a function that tells whether the process of a `uniqueName`, given as bytes, has surely ended. It allocates nothing.
 * Another boot or another pid namespace may be another host's or a container's, of which this process can know nothing; a
 * process that may be hidden from us (hidepid, see proc(5)) cannot be told from one that ended between two looks: no sure
 * end either. A zombie has ended: it unlocks nothing any more, and where nobody reaps it stays for long.
 */
export function makeHasEnded(): (name: Uint8Array, length: number) => boolean {
  const own = new TextEncoder().encode(uniqueName());
  const here = fieldAt(own, 0, own.length, DOT, 2);
  const path: Memory = allocate(PROC.length + LONGEST_PID + STAT.length);
  path.bytes.set(new TextEncoder().encode(PROC));
  const tail = new TextEncoder().encode(STAT);
  const stat = allocate(STAT_BYTES);

  /** Reads /proc/PID/stat of the pid at `from` in `name`; 0 if there is none, or none that we may see. */
  const readStat = (name: Uint8Array, from: number, to: number): number => {
    for (let i = from; i < to; i++) path.bytes[PROC.length + i - from] = name[i] as number;
    for (let i = 0; i < tail.length; i++) path.bytes[PROC.length + to - from + i] = tail[i] as number;
    const fd = open(path.address, 0, 0);
    if (fd === -1) return 0;
    const length = pread(fd, stat.address, STAT_BYTES, 0);
    close(fd);
    return Math.max(0, length);
  };

  return (name, length) => {
    for (let i = 0; i < here; i++) if (name[i] !== own[i]) return false;
    const pidEnd = fieldAt(name, here, length, DOT, 1) - 1;
    const startEnd = fieldAt(name, pidEnd + 1, length, DOT, 1) - 1;
    // Not one of ours, or not all of it.
    if (pidEnd - here > LONGEST_PID || name[pidEnd] !== DOT || name[startEnd] !== DOT) return false;
    let pid = 0;
    for (let i = here; i < pidEnd; i++) {
      const digit = (name[i] as number) - ZERO;
      if (digit < 0 || digit > 9) return false;
      pid = pid * 10 + digit;
    }
    // To kill(2), 0 is a whole process group.
    if (pid === 0) return false;
    if (kill(pid, 0) === -1 && errno() === ESRCH) return true;

    const statLength = readStat(name, here, pidEnd);
    let state = statLength;
    while (state > 0 && stat.bytes[state - 1] !== CLOSING) state--;
    if (state === 0) return false;
    state++;
    const start = fieldAt(stat.bytes, state, statLength, SPACE, START);
    for (let i = 0; pidEnd + 1 + i < startEnd; i++) {
      if (stat.bytes[start + i] !== name[pidEnd + 1 + i]) return true;
    }
    if (stat.bytes[start + startEnd - pidEnd - 1] !== SPACE) return true;
    // A leader that ended before its threads is called a zombie, too; then the process goes on.
    const threads = fieldAt(stat.bytes, state, statLength, SPACE, THREADS);
    return stat.bytes[state] === ZOMBIE && stat.bytes[threads] === ONE && stat.bytes[threads + 1] === SPACE;
  };
}
