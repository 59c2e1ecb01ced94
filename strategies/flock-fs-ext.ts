/**
 * flock through the npm package fs-ext: the same system call as `flock`, through an addon.
 *
 * On lock: flockSync(fd, 'ex'); shared: flockSync(fd, 'sh').
 * On unlock: flockSync(fd, 'un').
 * If the holder dies: the kernel releases the lock.
 * Where it breaks: as flock; a held lock that is tried costs a JavaScript exception. Its callback form blocks a
 * thread of libuv's pool, and four waiting threads stall every file operation of the process.
 * Source: flock(2); the package's README.
 */
import { type FsExt, loadFsExt, probeFsExt } from './shared/fs-ext.js';
import { codeOf } from './shared/interrupted.js';
import type { SyncStrategy } from './strategy.js';

function flockRetrying(fsExt: FsExt, fd: number, flags: Parameters<FsExt['flockSync']>[1]): void {
  for (;;) {
    try {
      fsExt.flockSync(fd, flags);
      return;
    } catch (error) {
      if (codeOf(error) !== 'EINTR') throw error;
    }
  }
}

export const strategy: SyncStrategy = {
  name: 'flock-fs-ext',
  title: 'flock of the package fs-ext',
  family: 'kernel file lock',
  source: 'flock(2); npm package fs-ext',
  sameLockAs: 'flock',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'released',
    owner: 'open-file-description',
  },
  calls: 'synchronous',
  probe: probeFsExt,
  open({ fd }) {
    const fsExt = loadFsExt();
    const attempt = (flags: 'exnb' | 'shnb'): boolean => {
      try {
        flockRetrying(fsExt, fd, flags);
        return true;
      } catch (error) {
        if (codeOf(error) !== 'EAGAIN') throw error;
        return false;
      }
    };
    return {
      lock: () => flockRetrying(fsExt, fd, 'ex'),
      tryLock: () => attempt('exnb'),
      lockShared: () => flockRetrying(fsExt, fd, 'sh'),
      tryLockShared: () => attempt('shnb'),
      unlock: () => flockRetrying(fsExt, fd, 'un'),
      close() {},
    };
  },
};
