/**
 * A record lock on the pid file beside the lock of the way that was chosen. It is the file's own: whatever its names, whatever
 * way the other start was told, in whatever pid or network namespace and with whatever /dev/shm it runs. And the kernel tells
 * whose it is, which no number in a file does.
 *
 * It is taken where it costs nothing: not on a file system of several hosts, where the ways beside fcntl are chosen because
 * record locks do not work, or where flock is one of them.
 */
import { SystemError } from '../../strategies/posix/errno.js';
import {
  PROCESS_OWNED,
  type RecordHolder,
  recordHolder,
  WHOLE_FILE,
} from '../../strategies/posix/file-lock.js';
import { recordLock } from '../../strategies/shared/record-lock.js';

/** Null also where the file system has no record locks. */
export function recordHolderOf(fd: number): RecordHolder | null {
  try {
    return recordHolder(fd);
  } catch (error) {
    if (error instanceof SystemError) return null;
    throw error;
  }
}

/**
 * Takes it, or does without. False if another daemon has it; a read lock, which any user may have who can read the file, and
 * a lock of this process (where flock is a record lock) say nothing of that.
 */
export function beWitness(fd: number): boolean {
  try {
    const lock = recordLock(fd, PROCESS_OWNED, WHOLE_FILE);
    for (;;) {
      if (lock.tryLock()) return true;
      const holder = recordHolder(fd);
      // Gone since: once more.
      if (holder !== null) return holder.isRead || holder.pid === process.pid;
    }
  } catch (error) {
    if (error instanceof SystemError) return true;
    throw error;
  }
}

/** No error where it was not taken. Throws SystemError. */
export function dropWitness(fd: number): void {
  recordLock(fd, PROCESS_OWNED, WHOLE_FILE).unlock();
}
