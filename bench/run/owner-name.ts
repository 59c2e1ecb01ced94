/**
 * Names that tell whose they are: `lockbench.BOOT.NAMESPACE.PID.START.` and a serial number. A pid alone comes again;
 * with its start time it does not, on one boot, in one pid namespace.
 */
import { readFileSync, readlinkSync } from 'node:fs';

export interface Owner {
  readonly boot: string;
  readonly pidNamespace: string;
  readonly pid: number;
  /** Clock ticks since boot, field 22 of /proc/PID/stat. Source: proc_pid_stat(5). */
  readonly start: string;
}

const PATTERN = /^lockbench\.([0-9a-f]+)\.(\d+)\.(\d+)\.(\d+)\.[0-9a-z]+(?:\.[a-z]+)?$/;
const START_AFTER_NAME = 19;

/** When a process started, or null if there is none. The command's name may hold spaces and parentheses. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_AFTER_NAME] ?? null;
  } catch {
    return null;
  }
}

let self: Owner | undefined;

export function ownerOfThisProcess(): Owner {
  self ??= {
    boot: readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8),
    pidNamespace: /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0',
    pid: process.pid,
    start: startOf(process.pid) ?? '0',
  };
  return self;
}

/** How the names of all that this process makes begin. */
export function ownPrefix(): string {
  const { boot, pidNamespace, pid, start } = ownerOfThisProcess();
  return `lockbench.${boot}.${pidNamespace}.${pid}.${start}.`;
}

/** Reads the owner from a name, or null if it is not one of ours. */
export function ownerOf(name: string): Owner | null {
  const [, boot, pidNamespace, pid, start] = PATTERN.exec(name) ?? [];
  if (boot === undefined || pidNamespace === undefined || start === undefined) return null;
  return { boot, pidNamespace, pid: Number(pid), start };
}

/**
 * Whether the owner has surely ended. Another boot or another pid namespace may be another host's or a container's, of
 * which this process can know nothing: then it has not.
 */
export function hasEnded(owner: Owner): boolean {
  const here = ownerOfThisProcess();
  if (owner.boot !== here.boot || owner.pidNamespace !== here.pidNamespace) return false;
  return startOf(owner.pid) !== owner.start;
}
