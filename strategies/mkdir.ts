/**
 * Lock directory: the process that makes it holds the lock, since mkdir(2) fails if the name is there.
 *
 * On lock: mkdir, EEXIST means held.
 * On unlock: rmdir.
 * If the holder dies: the directory stays, and the lock with it, forever.
 * Where it breaks: as excl. Over NFS the answer to a mkdir that succeeded can be lost, and its retry answered with
 * EEXIST: then nobody holds the lock and nobody gets it, since a directory does not say whose it is.
 * Source: mkdir(2).
 */
import { EEXIST, fail } from './posix/errno.js';
import * as libc from './posix/libc.js';
import { cPath } from './posix/libc.js';
import type { SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  name: 'mkdir',
  title: 'lock directory',
  family: 'name in a directory',
  source: 'mkdir(2)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'stuck',
    owner: 'name',
  },
  calls: 'synchronous',
  open(site) {
    const { errno, mkdir, rmdir } = libc;
    const path = site.path('lock');
    const name = cPath(path);
    return {
      tryLock() {
        if (mkdir(name, 0o755) === 0) return true;
        if (errno() !== EEXIST) fail('mkdir', path);
        return false;
      },
      unlock() {
        if (rmdir(name) === -1) fail('rmdir', path);
      },
      close() {},
    };
  },
};
