/**
 * Places: private directories for one round, made by the parent, removed by it whatever happens.
 *
 * The name of a place, which is its token too, says whose it is: boot of the host, pid namespace, pid and start time
 * of the process that made it. A later start can tell thereby what a killed one left behind (leftovers.ts).
 */

import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Strategy } from '../../../strategies/strategy.js';
import { as, type Identity } from '../../machine/identity.js';
import { ownPrefix } from '../../machine/owner-name.js';
import { removeTree } from '../../machine/remove-tree.js';
import type { RoundDirectoryJob } from '../worker/job.js';
import { roundDirectoryOf } from '../worker/lock-site.js';
import { createNumberFile, NUMBER_NAME } from '../worker/number-file.js';

let serial = 0;

/** A place that exists, and its end. `destroy` may be called twice. */
export interface MadeRoundDirectory {
  readonly job: RoundDirectoryJob;
  /** Does something as the workers: what is in the place is theirs, and not every root may look into it. */
  asOwner<T>(action: () => T): T;
  destroy(): void;
}

/**
 * Makes a place below `parent`, with the number file in it, and lets the strategy prepare it. All of it belongs to the
 * workers' identity. Throws what the file system or the strategy throws; then nothing is left.
 */
export function makeRoundDirectory(
  parent: string,
  workers: number,
  strategy: Strategy,
  identity: Identity | null,
): MadeRoundDirectory {
  const token = `${ownPrefix()}${(serial++).toString(36)}`;
  const roundDirectory = roundDirectoryOf({ dir: join(parent, token), token, workers });
  const destroy = (): void => {
    // As the one who made it: root of a container may not remove another user's System V semaphore.
    as(identity, () => strategy.destroy?.(roundDirectory));
    removeTree(roundDirectory.dir, identity);
  };
  mkdirSync(roundDirectory.dir, { mode: 0o700 });
  try {
    if (identity !== null) chownSync(roundDirectory.dir, identity.uid, identity.gid);
    as(identity, () => {
      createNumberFile(roundDirectory.path(NUMBER_NAME));
      strategy.prepare?.(roundDirectory);
    });
  } catch (error) {
    destroy();
    throw error;
  }
  return {
    job: { dir: roundDirectory.dir, token, workers },
    asOwner: (action) => as(identity, action),
    destroy,
  };
}
