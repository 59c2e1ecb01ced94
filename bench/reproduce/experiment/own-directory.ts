/**
 * Places in which an experiment makes system calls itself, and what those answer.
 */
import { strategy as noLock } from '../../../strategies/none.js';
import { as, type Identity } from '../../machine/identity.js';
import { makeRoundDirectory } from '../../measure/parent/round-directory.js';

/** Does something with private directories, one below each of `parents`, as `identity`; they are removed afterwards. */
export function inPlaces<T>(
  parents: readonly string[],
  identity: Identity | null,
  action: (...directories: string[]) => T,
): T {
  const [parent, ...others] = parents;
  if (parent === undefined) return as(identity, action);
  const roundDirectory = makeRoundDirectory(parent, 1, noLock, identity);
  try {
    return inPlaces(others, identity, (...more) => action(roundDirectory.job.dir, ...more));
  } finally {
    roundDirectory.destroy();
  }
}

/** What a system call answers: "done", or the name of its errno. Throws anything else. */
export function answerOf(call: () => void): string {
  try {
    call();
    return 'done';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code;
  }
}
