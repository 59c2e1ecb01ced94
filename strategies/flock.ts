/**
 * flock: the kernel ties one lock of the whole file to the open file description, not to the process.
 *
 * On lock: flock(LOCK_EX); the kernel puts the caller to sleep until it is free.
 * Shared: the same with LOCK_SH.
 * On unlock: flock(LOCK_UN).
 * If the holder dies: the kernel releases the lock with the last descriptor of that open file description.
 * Where it breaks: a descriptor that a child inherits keeps the lock after its parent has died. It knows nothing of
 * fcntl locks on the same file; over NFS Linux turns it into one.
 * Source: flock(2).
 */
import { EAGAIN, EINTR, fail } from './posix/errno.js';
import * as fileLock from './posix/file-lock.js';
import * as libc from './posix/libc.js';
import type { SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  name: 'flock',
  title: 'flock',
  family: 'kernel file lock',
  source: 'flock(2)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'released',
    owner: 'open-file-description',
  },
  calls: 'synchronous',
  open({ fd }) {
    const { errno, flock } = libc;
    const { LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN } = fileLock;
    const block = (mode: number): void => {
      while (flock(fd, mode) === -1) if (errno() !== EINTR) fail('flock');
    };
    const attempt = (mode: number): boolean => {
      while (flock(fd, mode | LOCK_NB) === -1) {
        const why = errno();
        if (why === EAGAIN) return false;
        if (why !== EINTR) fail('flock(LOCK_NB)');
      }
      return true;
    };
    return {
      lock: () => block(LOCK_EX),
      tryLock: () => attempt(LOCK_EX),
      lockShared: () => block(LOCK_SH),
      tryLockShared: () => attempt(LOCK_SH),
      unlock() {
        while (flock(fd, LOCK_UN) === -1) if (errno() !== EINTR) fail('flock(LOCK_UN)');
      },
      close() {},
    };
  },
};
