/**
 * lockf: the C library's short form of a write lock; with glibc it is the same record lock as `fcntl`.
 *
 * On lock: lockf(F_LOCK, 0), from the descriptor's offset to the end, wherever that will be; F_TLOCK is the try.
 * On unlock: lockf(F_ULOCK, 0).
 * If the holder dies: the kernel releases the lock.
 * Where it breaks: as fcntl; besides, the lock begins at the file's offset, so that a read in between makes the unlock
 * miss what was locked. The offset stays 0 here. There is no shared mode.
 * Source: lockf(3).
 */
import { EACCES, EAGAIN, EINTR, fail } from './posix/errno.js';
import * as fileLock from './posix/file-lock.js';
import * as libc from './posix/libc.js';
import type { SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  name: 'lockf',
  title: 'lockf',
  family: 'kernel file lock',
  source: 'lockf(3)',
  sameLockAs: 'fcntl',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'released',
    owner: 'process',
  },
  calls: 'synchronous',
  open({ fd }) {
    const { errno, lockf } = libc;
    const { LOCKF_LOCK, LOCKF_TRY, LOCKF_UNLOCK } = fileLock;
    return {
      lock() {
        while (lockf(fd, LOCKF_LOCK, 0) === -1) if (errno() !== EINTR) fail('lockf(F_LOCK)');
      },
      tryLock() {
        while (lockf(fd, LOCKF_TRY, 0) === -1) {
          const why = errno();
          if (why === EAGAIN || why === EACCES) return false;
          if (why !== EINTR) fail('lockf(F_TLOCK)');
        }
        return true;
      },
      unlock() {
        while (lockf(fd, LOCKF_UNLOCK, 0) === -1) if (errno() !== EINTR) fail('lockf(F_ULOCK)');
      },
      close() {},
    };
  },
};
