/**
 * How many processes a user may have, and how many files a process may have open. Threads count as processes, and of a Node that
 * cannot start its own some abort and some wait for ever, as if the file system that they were to look at did not answer.
 */
import { readFileSync } from 'node:fs';
import { UsageError } from '../base/usage-error.js';

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

/** Throws UsageError if a measurement cannot even be begun. */
export function requireProcesses(): void {
  const most = mostProcesses();
  if (most === null || most >= LEAST) return;
  throw new UsageError(
    `at least ${LEAST} processes and threads were expected to be allowed, the limit is ${most}`,
    'raise it (ulimit -u), and by 11 more for each process that contends',
  );
}
