/**
 * What a measurement needs of the machine: processes, files that may be open, memory, and /proc. Threads count as processes,
 * and of a Node that cannot start its own some abort and some wait for ever, as if the file system that they were to look at
 * did not answer.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOfThisProcess } from '../../strategies/posix/process-identity.js';
import { messageOf } from '../base/error-message.js';
import { UsageError } from '../base/usage-error.js';
import { groupsAbove, type Roots, readGroupFile } from './control-group.js';

/** This process, one for each of two directories, one that looks, and two that contend: of eleven threads each. */
const LEAST = 64;

/** A limit of this process; null where there is none, or the kernel does not tell. Source: proc_pid_limits(5). */
function limitOf(name: string): number | null {
  try {
    const [, soft] =
      new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}

/** Root may have as many as it likes. Source: setrlimit(2). */
const mostProcesses = (): number | null => (process.getuid?.() === 0 ? null : limitOf('Max processes'));

/** This process and those that it starts, each; Node has raised it as far as it may. */
export const mostOpenFiles = (): number => limitOf('Max open files') ?? Number.POSITIVE_INFINITY;

/** Node takes most of it; a process that is ended for want of memory can say nothing. */
const LEAST_MEMORY_MIB = 80;
const MIB = 2 ** 20;

/** What the tightest of our control groups allows, root too; null where none limits. `proc`, `roots`: for tests. */
export function mostInGroups(proc?: string, roots?: Roots): number | null {
  const each = groupsAbove('pids', proc, roots).flatMap(({ directory }) => {
    const [most] = /^\d+/.exec(readGroupFile(join(directory, 'pids.max')) ?? '') ?? [];
    return most === undefined ? [] : Number(most);
  });
  return each.length === 0 ? null : Math.min(...each);
}

function requireProcesses(): void {
  for (const [most, name] of [
    [mostProcesses(), 'ulimit -u'],
    [mostInGroups(), 'pids.max of the control group'],
  ] as const) {
    if (most === null || most >= LEAST) continue;
    throw new UsageError(
      `at least ${LEAST} processes and threads were expected to be allowed, the limit is ${most}`,
      `raise it (${name}), and by 11 more for each process that contends`,
    );
  }
}

function requireMemory(): void {
  const granted = process.constrainedMemory();
  // Without a limit it is 0, or more than any machine has.
  if (granted <= 0 || granted >= LEAST_MEMORY_MIB * MIB) return;
  throw new UsageError(
    `at least ${LEAST_MEMORY_MIB} MiB of memory were expected to be granted, the limit is ${Math.floor(granted / MIB)}`,
    "raise that of the control group (memory.max), or the container's",
  );
}

/** By what it tells of this process our files are told from others'. */
function requireProc(): void {
  try {
    identityOfThisProcess();
  } catch (error) {
    throw new UsageError(
      `all of /proc was expected, a part cannot be read (${messageOf(error)})`,
      'mount it without subset=pid: mount -t proc proc /proc',
    );
  }
}

/** Throws UsageError if a measurement cannot even be begun. */
export function requireMeans(): void {
  requireProcesses();
  requireMemory();
  requireProc();
}
