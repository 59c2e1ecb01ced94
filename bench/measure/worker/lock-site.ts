/**
 * A round's directory as its workers see it: found by what the parent told, and the descriptor that kernel locks apply to.
 */
import { constants } from 'node:fs';
import { join } from 'node:path';
import { AT_FDCWD, asName, O_CLOEXEC, O_PATH, openat } from '../../../strategies/posix/at.js';
import { fail } from '../../../strategies/posix/errno.js';
import { statusOf } from '../../../strategies/posix/file-status.js';
import { close } from '../../../strategies/posix/libc.js';
import type { LockSite, RoundDirectory } from '../../../strategies/strategy.js';
import type { RoundDirectoryJob } from './job.js';

/** The file that kernel locks apply to where it is not the number's own. */
export const LOCKED_NAME = 'locked';

const { O_CREAT, O_DIRECTORY, O_NOFOLLOW, O_RDWR } = constants;
const WAY = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
const LOCK_FILE = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;

export function roundDirectoryOf(job: RoundDirectoryJob): RoundDirectory {
  return { ...job, path: (name) => join(job.dir, name) };
}

/** A worker's view of a place. `lockName`: the file that kernel locks apply to, made if it is not there. Throws
 * SystemError, or an Error if the path leads to another directory than the one that the parent made. */
export function openLockSite(job: RoundDirectoryJob, workerIndex: number, lockName: string): LockSite {
  const roundDirectory = roundDirectoryOf(job);
  const directory = openat(AT_FDCWD, asName(job.dir), WAY, 0);
  if (directory === -1) fail('open', job.dir);
  try {
    if (String(statusOf(directory).inode) !== job.inode) {
      throw new Error(`${job.dir}: another process has put something else in the place of this directory`);
    }
    const fd = openat(directory, asName(lockName), LOCK_FILE, 0o600);
    if (fd === -1) fail('open', roundDirectory.path(lockName));
    return { ...roundDirectory, fd, workerIndex };
  } finally {
    close(directory);
  }
}
