/**
 * Limits under which this program cannot even be loaded: Node reads many modules at once, and ends with a stack trace when it
 * may not open them.
 */
import { readFileSync } from 'node:fs';
import { meaningOf, refuse } from './refuse.mjs';

/** The program's modules, its libraries, and the pipes of a few workers. */
const LEAST_DESCRIPTORS = 64;

/** The limit on open files, which Node has raised as far as it may; null where the kernel does not tell. Source: proc_pid_limits(5). */
function mostDescriptors() {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}

/** Refuses a limit on open files that is too low to begin with, and a system without /proc, by which our files are told from others'. */
export function requireLimits() {
  const most = mostDescriptors();
  if (most !== null && most < LEAST_DESCRIPTORS)
    refuse(
      `at least ${LEAST_DESCRIPTORS} open files were expected to be allowed, the limit is ${most}; raise it (ulimit -n), and by 10 more for each process`,
    );
  try {
    readFileSync('/proc/self/stat');
  } catch (error) {
    refuse(`/proc was expected, it cannot be read (${meaningOf(error)}); mount it: mount -t proc proc /proc`);
  }
}
