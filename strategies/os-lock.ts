/**
 * fcntl through the npm package os-lock: the same kernel lock as `fcntl`, as a promise.
 *
 * On lock: lock(fd, { exclusive: true }), which is fcntl(F_SETLKW) on a thread of libuv's pool, whole file. Without
 * `exclusive` the package takes the shared mode.
 * On unlock: unlock(fd).
 * If the holder dies: the kernel releases the lock.
 * Where it breaks: as fcntl; besides, each call wakes a thread, and four waiters stall all file operations of a
 * process. A signal ends the wait with EINTR, which the package hands on: it is tried again here.
 * Source: fcntl_locking(2); the package's README.
 */
import { codeOf, untilUninterrupted } from './shared/interrupted.js';
import { optionalPackage } from './shared/optional-package.js';
import type { AsyncStrategy } from './strategy.js';

interface OsLock {
  lock(fd: number, options: { readonly exclusive?: boolean; readonly immediate?: boolean }): Promise<void>;
  unlock(fd: number): Promise<void>;
}

const osLock = optionalPackage<OsLock>('os-lock', { compiled: true });

/** By which its README tells a held lock. */
const HELD: readonly unknown[] = ['EACCES', 'EAGAIN', 'EBUSY'];

export const strategy: AsyncStrategy = {
  name: 'os-lock',
  title: 'fcntl of the package os-lock',
  family: 'kernel file lock',
  source: 'fcntl_locking(2); npm package os-lock',
  sameLockAs: 'fcntl',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'released',
    owner: 'process',
  },
  calls: 'asynchronous',
  probe: osLock.probe,
  open({ fd }) {
    const { lock, unlock } = osLock.load();
    const attempt = async (exclusive: boolean): Promise<boolean> => {
      try {
        await untilUninterrupted(() => lock(fd, { exclusive, immediate: true }));
        return true;
      } catch (error) {
        if (HELD.includes(codeOf(error))) return false;
        throw error;
      }
    };
    return {
      lock: () => untilUninterrupted(() => lock(fd, { exclusive: true })),
      tryLock: () => attempt(true),
      lockShared: () => untilUninterrupted(() => lock(fd, {})),
      tryLockShared: () => attempt(false),
      unlock: () => untilUninterrupted(() => unlock(fd)),
      close() {},
    };
  },
};
