/**
 * Record lock: the kernel keeps, for each file, a list of byte ranges and the process that owns each.
 *
 * On lock: fcntl(F_SETLKW, F_WRLCK) over the whole file; the kernel puts the caller to sleep until it is free.
 * Shared: the same with F_RDLCK.
 * On unlock: fcntl(F_SETLK, F_UNLCK).
 * If the holder dies: the kernel releases the lock.
 * Where it breaks: the owner is the process. Closing any descriptor of the file, a library's own included, drops
 * the lock; two threads of one process do not exclude each other.
 * Source: textbook, 9.3; fcntl_locking(2).
 */
import { EACCES, EAGAIN, EINTR, fail } from './posix/errno.js';
import { F_SETLK, F_SETLKW, readLock, unlocked, writeLock } from './posix/file-lock.js';
import { type Address, errno, fcntl } from './posix/libc.js';
import type { SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  name: 'fcntl',
  title: 'fcntl record lock',
  family: 'kernel file lock',
  source: 'textbook, 9.3; fcntl_locking(2)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'released',
    owner: 'process',
  },
  calls: 'synchronous',
  open({ fd }) {
    const write = writeLock();
    const read = readLock();
    const drop = unlocked();
    const block = (take: Address): void => {
      while (fcntl(fd, F_SETLKW, take) === -1) if (errno() !== EINTR) fail('fcntl(F_SETLKW)');
    };
    const attempt = (take: Address): boolean => {
      while (fcntl(fd, F_SETLK, take) === -1) {
        const why = errno();
        if (why === EAGAIN || why === EACCES) return false;
        // A request that crosses a network can be interrupted before it is answered.
        if (why !== EINTR) fail('fcntl(F_SETLK)');
      }
      return true;
    };
    return {
      lock: () => block(write),
      tryLock: () => attempt(write),
      lockShared: () => block(read),
      tryLockShared: () => attempt(read),
      unlock() {
        while (fcntl(fd, F_SETLK, drop) === -1) if (errno() !== EINTR) fail('fcntl(F_UNLCK)');
      },
      close() {},
    };
  },
};
