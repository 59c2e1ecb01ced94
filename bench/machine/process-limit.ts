/**
 * How many processes a user may have. Threads count, and of a Node that cannot start its own some abort and some wait for ever,
 * as if the file system that they were to look at did not answer.
 */
import { readFileSync } from 'node:fs';
import { UsageError } from '../base/usage-error.js';

/** This process, one for each of two directories, one that looks, and two that contend: of eleven threads each. */
const LEAST = 64;

/** The limit that binds this user; null where none does, or the kernel does not tell. Source: proc_pid_limits(5). */
function mostProcesses(): number | null {
  // Root may have as many as it likes. Source: setrlimit(2).
  if (process.getuid?.() === 0) return null;
  try {
    const [, soft] = /^Max processes\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}

/** Throws UsageError if a measurement cannot even be begun. */
export function requireProcesses(): void {
  const most = mostProcesses();
  if (most === null || most >= LEAST) return;
  throw new UsageError(
    `at least ${LEAST} processes and threads were expected to be allowed, the limit is ${most}`,
    'raise it (ulimit -u), and by 11 more for each process that contends',
  );
}
