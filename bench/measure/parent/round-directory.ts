/**
 * Places: private directories for one round, made by the parent, removed by it whatever happens.
 *
 * The name of a place, which is its token too, says whose it is: boot of the host, pid namespace, pid and start time
 * of the process that made it. A later start can tell thereby what a killed one left behind (leftovers.ts).
 */

import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { asName } from '../../../strategies/posix/at.js';
import { openDirectory } from '../../../strategies/posix/directory.js';
import { ENOENT, SystemError } from '../../../strategies/posix/errno.js';
import { spreadDirectories } from '../../../strategies/posix/inode-flags.js';
import { keyOf, SYSV_SUFFIX } from '../../../strategies/posix/sysv-semaphore.js';
import type { RoundDirectory, Strategy } from '../../../strategies/strategy.js';
import { asError } from '../../base/error-message.js';
import { Told } from '../../base/told.js';
import {
  makePrivateDirectory,
  type PrivateDirectory,
  removeLeft,
} from '../../machine/files/private-directory.js';
import { removeContents, requireRemoved, withUnremoved } from '../../machine/files/remove.js';
import { as, type Identity } from '../../machine/identity.js';
import { freshName, MARK_NAME } from '../../machine/owner-name.js';
import type { RoundDirectoryJob } from '../worker/job.js';
import { roundDirectoryOf } from '../worker/lock-site.js';
import { NUMBER_NAME } from '../worker/number-file.js';
import { createNumberFile } from './number-text.js';

/** A place that exists, and its end. `destroy` may be called twice. */
export interface MadeRoundDirectory {
  readonly job: RoundDirectoryJob;
  /**
   * Does something in it as the workers: what is in it is theirs, and not every root may look into it. It is reached by its
   * descriptor, whatever its name has become.
   */
  asOwner<T>(action: (here: RoundDirectory) => T): T;
  /** Removes all names in it but these, as a tidy administrator would, or what empties /tmp. Throws NotRemoved. */
  removeNames(spared: readonly string[]): void;
  /** Throws NotRemoved, which names what could not be removed; everything else is gone then. */
  destroy(): void;
}

/** A strategy that keeps its lock in a directory, and by what name what does not lie there is known. */
export interface Prepared {
  readonly strategy: Strategy;
  readonly token: string;
}

/** How a directory looks to a strategy. */
export const jobIn = (job: RoundDirectoryJob, token: string): RoundDirectoryJob => ({
  ...job,
  token,
  key: keyOf(`${token}${SYSV_SUFFIX}`),
});

/**
 * Removes a directory that another process made for us and did not remove before it was killed, as soon as that has ended: its
 * lock is held until then, and SIGKILL takes its time. Throws NotRemoved; nothing happens if it is not there.
 */
export function removeOrphan(
  parent: string,
  token: string,
  strategies: readonly Prepared[],
  identity: Identity | null,
): void {
  const here = { dir: join(parent, token), token, workers: 0, inode: '', key: 0 };
  const problems = tryDestroy(strategies, here, identity);
  const above = openDirectory(parent);
  try {
    const left = removeLeft(above, asName(token), parent, identity, { waits: true });
    problems.push(...left.problems);
    if (!left.gone && left.problems.length === 0)
      problems.push(
        new Told(
          `${here.dir}: it was expected as it was made, and to be locked by nobody; look at it, and remove it`,
        ),
      );
  } catch (error) {
    if (!(error instanceof SystemError) || error.errno !== ENOENT) throw error;
  } finally {
    closeSync(above);
  }
  requireRemoved(problems);
}

/** How a round directory differs from a plain one. */
export interface RoundDirectoryOptions {
  /** Those that prepare their locks in the same directory, too. */
  readonly beside?: readonly Prepared[];
  /** Whether it lies in another part of the disk than the last one, with inodes from there. */
  readonly freshInodes?: boolean;
}

/**
 * A directory in one of its own, which has the file system spread what is made in it. The outer one has the name by which the
 * next start knows what was left, and is removed with all that is in it.
 */
function makeSpreadDirectory(parent: string, token: string, identity: Identity | null): PrivateDirectory {
  // Ours, so that we may make another user's directory in it without the rights of root; the workers pass through it.
  const outer = makePrivateDirectory(parent, token, null, 0o711);
  try {
    spreadDirectories(outer.fd, outer.path);
    // The part of the disk follows from a hash of the name: a new name each time.
    const inner = makePrivateDirectory(outer, freshName(), identity);
    return { ...inner, remove: () => [...inner.remove(), ...outer.remove()] };
  } catch (error) {
    throw withUnremoved(error, outer.remove());
  }
}

/**
 * Makes a place below `parent`, with the number file in it, and lets the strategy prepare it, and those that are to be beside
 * it. All of it belongs to the workers' identity. Throws what the file system or a strategy throws; then nothing is left.
 */
export function makeRoundDirectory(
  parent: string,
  workers: number,
  strategy: Strategy,
  identity: Identity | null,
  token = freshName(),
  { beside = [], freshInodes = false }: RoundDirectoryOptions = {},
): MadeRoundDirectory {
  const make = freshInodes ? makeSpreadDirectory : makePrivateDirectory;
  const made = make(parent, token, identity);
  const job = jobIn({ dir: made.path, token, workers, inode: made.inode, key: 0 }, token);
  const strategies = [{ strategy, token }, ...beside];
  const inside = { ...job, dir: made.here };
  const here = roundDirectoryOf(inside);
  let exists = true;
  const end = (): Error[] => {
    if (!exists) return [];
    exists = false;
    return [...tryDestroy(strategies, inside, identity), ...made.remove()];
  };
  try {
    as(identity, () => {
      createNumberFile(here.path(NUMBER_NAME));
      for (const one of strategies) one.strategy.prepare?.(roundDirectoryOf(jobIn(inside, one.token)));
    });
  } catch (error) {
    throw withUnremoved(error, end());
  }
  return {
    job,
    asOwner: (action) => as(identity, () => action(here)),
    removeNames: (spared) =>
      requireRemoved(as(identity, () => removeContents(made.fd, made.path, [...spared, MARK_NAME]))),
    destroy: () => requireRemoved(end()),
  };
}

/** As the one who made it: root of a container may not remove another user's System V semaphore. */
function tryDestroy(
  strategies: readonly Prepared[],
  inside: RoundDirectoryJob,
  identity: Identity | null,
): Error[] {
  return strategies.flatMap(({ strategy, token }) => {
    try {
      as(identity, () => strategy.destroy?.(roundDirectoryOf(jobIn(inside, token))));
      return [];
    } catch (error) {
      return [asError(error)];
    }
  });
}
