/**
 * Record locks of fcntl(2), which differ in their owner and in the bytes they lock, and in nothing else.
 */
import { EACCES, EAGAIN, EINTR, fail } from '../posix/errno.js';
import { type Range, type RecordCommands, readLock, unlocked, writeLock } from '../posix/file-lock.js';
import type { Address } from '../posix/libc.js';
import * as libc from '../posix/libc.js';
import type { Lock } from '../strategy.js';

/** A lock on a range of the file, in both modes, that can be waited for and tried. */
export function recordLock(fd: number, { name, set, wait }: RecordCommands, range: Range) {
  const { errno, fcntl } = libc;
  const write = writeLock(range);
  const read = readLock(range);
  const drop = unlocked(range);
  const block = (take: Address): void => {
    while (fcntl(fd, wait, take) === -1) if (errno() !== EINTR) fail(`fcntl(${name}W)`);
  };
  const attempt = (take: Address): boolean => {
    while (fcntl(fd, set, take) === -1) {
      const why = errno();
      if (why === EAGAIN || why === EACCES) return false;
      // A request that crosses a network can be interrupted before it is answered.
      if (why !== EINTR) fail(`fcntl(${name})`);
    }
    return true;
  };
  return {
    lock: () => block(write),
    tryLock: () => attempt(write),
    lockShared: () => block(read),
    tryLockShared: () => attempt(read),
    unlock() {
      while (fcntl(fd, set, drop) === -1) if (errno() !== EINTR) fail(`fcntl(${name}, F_UNLCK)`);
    },
    close() {},
  } satisfies Lock;
}
