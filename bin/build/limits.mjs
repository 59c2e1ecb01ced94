/**
 * Limits under which this program cannot even be loaded: Node reads many modules at once, and ends with a stack trace when it
 * may not open them.
 */
import { readFileSync } from 'node:fs';
import { meaningOf, refuse } from './refuse.mjs';

/** The program's modules, its libraries, and the pipes of a few workers. */
const LEAST_DESCRIPTORS = 64;

/** What Node, its threads and our libraries reserve: with less they abort, sooner or later, with a trace of Node's own. */
const LEAST_ADDRESS_SPACE_MIB = 1536;
const MIB = 2 ** 20;

/** A limit by the name that the kernel has for it; null where there is none, or it does not tell. Source: proc_pid_limits(5). */
function limitOf(name) {
  try {
    const [, soft] =
      new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}

/** Refuses limits that are too low to begin with (that on open files Node has raised as far as it may), and a system without /proc, by which our files are told from others'. */
export function requireLimits() {
  const most = limitOf('Max open files');
  if (most !== null && most < LEAST_DESCRIPTORS)
    refuse(
      `at least ${LEAST_DESCRIPTORS} open files were expected to be allowed, the limit is ${most}; raise it (ulimit -n), and by 10 more for each process`,
    );
  const space = limitOf('Max address space');
  if (space !== null && space < LEAST_ADDRESS_SPACE_MIB * MIB)
    refuse(
      `at least ${LEAST_ADDRESS_SPACE_MIB} MiB of address space were expected to be allowed, the limit is ${Math.floor(space / MIB)}; raise it (ulimit -v)`,
    );
  try {
    readFileSync('/proc/self/stat');
  } catch (error) {
    refuse(`/proc was expected, it cannot be read (${meaningOf(error)}); mount it: mount -t proc proc /proc`);
  }
}
