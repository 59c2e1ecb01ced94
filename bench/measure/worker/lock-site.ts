/**
 * A round's directory as its workers see it: found by what the parent told, and the descriptor that kernel locks apply to.
 */
import { constants, openSync } from 'node:fs';
import { join } from 'node:path';
import type { LockSite, RoundDirectory } from '../../../strategies/strategy.js';
import type { RoundDirectoryJob } from './job.js';

/** The file that kernel locks apply to where it is not the number's own. */
export const LOCKED_NAME = 'locked';

export function roundDirectoryOf(job: RoundDirectoryJob): RoundDirectory {
  return { ...job, path: (name) => join(job.dir, name) };
}

/** A worker's view of a place. `lockName`: the file that kernel locks apply to, made if it is not there. */
export function openLockSite(job: RoundDirectoryJob, workerIndex: number, lockName: string): LockSite {
  const roundDirectory = roundDirectoryOf(job);
  const fd = openSync(roundDirectory.path(lockName), constants.O_RDWR | constants.O_CREAT, 0o600);
  return { ...roundDirectory, fd, workerIndex };
}
