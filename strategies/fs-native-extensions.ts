/**
 * Lock of the open file description through the npm package fs-native-extensions: the same kernel lock as `ofd`.
 *
 * On lock: waitForLock(fd), which is fcntl(F_OFD_SETLKW) on a thread that is made for it, whole file; tryLock(fd) makes
 * the call at once, without a thread.
 * On unlock: unlock(fd), at once too.
 * If the holder dies: the kernel releases the lock.
 * Where it breaks: as ofd; besides, each wait creates and ends a thread, even when the lock is free. A signal ends the
 * wait with EINTR, which the package hands on: it is tried again here.
 * Source: fcntl_locking(2), open file description locks; the package's README.
 */
import { untilUninterrupted } from './shared/interrupted.js';
import { optionalPackage } from './shared/optional-package.js';
import type { AsyncStrategy } from './strategy.js';

interface FsNativeExtensions {
  waitForLock(fd: number, options?: { readonly shared: boolean }): Promise<void>;
  /** False for EAGAIN; throws an error with `code` for everything else. */
  tryLock(fd: number, options?: { readonly shared: boolean }): boolean;
  unlock(fd: number): void;
}

// It brings its builds with it.
const fsNativeExtensions = optionalPackage<FsNativeExtensions>('fs-native-extensions', { compiled: false });

const SHARED = { shared: true };

export const strategy: AsyncStrategy = {
  name: 'fs-native-extensions',
  title: 'ofd of fs-native-extensions',
  family: 'kernel file lock',
  source: 'fcntl_locking(2); npm package fs-native-extensions',
  sameLockAs: 'ofd',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'released',
    owner: 'open-file-description',
  },
  calls: 'asynchronous',
  probe: fsNativeExtensions.probe,
  open({ fd }) {
    const { waitForLock, tryLock, unlock } = fsNativeExtensions.load();
    return {
      lock: () => untilUninterrupted(() => waitForLock(fd)),
      tryLock: async () => tryLock(fd),
      lockShared: () => untilUninterrupted(() => waitForLock(fd, SHARED)),
      tryLockShared: async () => tryLock(fd, SHARED),
      unlock: async () => unlock(fd),
      close() {},
    };
  },
};
