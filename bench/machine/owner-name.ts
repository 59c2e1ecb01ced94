/**
 * Names that tell whose they are: `lockbench.BOOT.NAMESPACE.PID.START.` and a serial number. A pid alone comes again;
 * with its start time it does not, on one boot, in one pid namespace.
 */
import { randomBytes } from 'node:crypto';
import { ESRCH } from '../../strategies/posix/errno.js';
import { errno, kill } from '../../strategies/posix/libc.js';
import {
  identityOfThisProcess,
  type ProcessIdentity,
  startOf,
} from '../../strategies/posix/process-identity.js';

// The C library keeps the POSIX semaphore NAME in the file sem.NAME.
const PATTERN = /^(?:sem\.)?lockbench\.([0-9a-f]+)\.(\d+)\.(\d+)\.(\d+)\.[0-9a-z]+(?:\.[a-z]+)?$/;

/** The file in a directory of ours that repeats the directory's name: who finds both knows that it was not renamed. */
export const MARK_NAME = '.lockbench';

/** How the names of all that this process makes begin. */
export function ownPrefix(): string {
  const { boot, pidNamespace, pid, start } = identityOfThisProcess();
  return `lockbench.${boot}.${pidNamespace}.${pid}.${start}.`;
}

let serial = 0;

/**
 * A name that this process gives once, and that nobody can guess before: who may write to the same directory could have
 * taken the next number. `kind`: a word at its end.
 */
export function freshName(kind?: string): string {
  const unguessable = randomBytes(5).toString('hex');
  return `${ownPrefix()}${(serial++).toString(36)}${unguessable}${kind === undefined ? '' : `.${kind}`}`;
}

/** Reads the owner from a name, or null if it is not one of ours. */
export function ownerOf(name: string): ProcessIdentity | null {
  const [, boot, pidNamespace, pid, start] = PATTERN.exec(name) ?? [];
  if (boot === undefined || pidNamespace === undefined || start === undefined) return null;
  return { boot, pidNamespace, pid: Number(pid), start };
}

/** A name that a lock made for its process alone, with "…" for the numbers that tell which: "own.…". */
export const withoutOwner = (name: string): string =>
  name.replace(/\.[0-9a-f]+\.\d+\.\d+\.\d+\.[0-9a-z]+$/, '.…');

/**
 * Whether the owner has surely ended. Another boot or another pid namespace may be another host's or a container's, of
 * which this process can know nothing: then it has not. Nor has a process that may not be looked at (hidepid, see proc(5)).
 */
export function hasEnded(owner: ProcessIdentity): boolean {
  const here = identityOfThisProcess();
  if (owner.boot !== here.boot || owner.pidNamespace !== here.pidNamespace) return false;
  if (kill(owner.pid, 0) === -1 && errno() === ESRCH) return true;
  const start = startOf(owner.pid);
  return start !== null && start !== owner.start;
}
