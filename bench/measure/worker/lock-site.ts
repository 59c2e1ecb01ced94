/**
 * A round's directory as its workers see it: found by what the parent told, and the descriptor that kernel locks apply to.
 */
import { constants, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Place, Site } from '../../../strategies/strategy.js';
import type { PlaceJob } from './job.js';

/** The file that kernel locks apply to where it is not the number's own. */
export const LOCKED_NAME = 'locked';

export function placeOf(job: PlaceJob): Place {
  return { ...job, path: (name) => join(job.dir, name) };
}

/** A worker's view of a place. `lockName`: the file that kernel locks apply to, made if it is not there. */
export function openSite(job: PlaceJob, workerIndex: number, lockName: string): Site {
  const place = placeOf(job);
  const fd = openSync(place.path(lockName), constants.O_RDWR | constants.O_CREAT, 0o600);
  return { ...place, fd, workerIndex };
}
