/**
 * Places: private directories for one round, made by the parent, removed by it whatever happens.
 *
 * The name of a place, which is its token too, says whose it is: boot of the host, pid namespace, pid and start time
 * of the process that made it. A later start can tell thereby what a killed one left behind (leftovers.ts).
 */
import { chownSync, constants, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Place, Site, Strategy } from '../../strategies/strategy.js';
import { as, type Identity } from '../environment/identity.js';
import type { PlaceJob } from './job.js';
import { createNumberFile, NUMBER_NAME } from './number-file.js';
import { ownPrefix } from './owner-name.js';
import { removeTree } from './remove-tree.js';

/** The file that kernel locks apply to where it is not the number's own. */
export const LOCKED_NAME = 'locked';

let serial = 0;

export function placeOf(job: PlaceJob): Place {
  return { ...job, path: (name) => join(job.dir, name) };
}

/** A place that exists, and its end. `destroy` may be called twice. */
export interface MadePlace {
  readonly job: PlaceJob;
  /** Does something as the workers: what is in the place is theirs, and not every root may look into it. */
  asOwner<T>(action: () => T): T;
  destroy(): void;
}

/**
 * Makes a place below `parent`, with the number file in it, and lets the strategy prepare it. All of it belongs to the
 * workers' identity. Throws what the file system or the strategy throws; then nothing is left.
 */
export function makePlace(
  parent: string,
  workers: number,
  strategy: Strategy,
  identity: Identity | null,
): MadePlace {
  const token = `${ownPrefix()}${(serial++).toString(36)}`;
  const place = placeOf({ dir: join(parent, token), token, workers });
  const destroy = (): void => {
    // As the one who made it: root of a container may not remove another user's System V semaphore.
    as(identity, () => strategy.destroy?.(place));
    removeTree(place.dir, identity);
  };
  mkdirSync(place.dir, { mode: 0o700 });
  try {
    if (identity !== null) chownSync(place.dir, identity.uid, identity.gid);
    as(identity, () => {
      createNumberFile(place.path(NUMBER_NAME));
      strategy.prepare?.(place);
    });
  } catch (error) {
    destroy();
    throw error;
  }
  return {
    job: { dir: place.dir, token, workers },
    asOwner: (action) => as(identity, action),
    destroy,
  };
}

/** A worker's view of a place. `lockName`: the file that kernel locks apply to, made if it is not there. */
export function openSite(job: PlaceJob, workerIndex: number, lockName: string): Site {
  const place = placeOf(job);
  const fd = openSync(place.path(lockName), constants.O_RDWR | constants.O_CREAT, 0o600);
  return { ...place, fd, workerIndex };
}
