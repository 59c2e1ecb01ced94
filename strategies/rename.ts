/**
 * Token: a file that is called "free" while nobody has it. The process that renames it to a private name holds the
 * lock.
 *
 * On lock: rename(2) "free" to a private name, which holds pid and start time; ENOENT means held.
 * On unlock: rename it back.
 * If the holder dies: the token keeps its private name, which tells whose it was.
 * Where it breaks: removing the token removes the lock for everybody, and making a second one lets two in. Over NFS the
 * answer to a rename that succeeded can be lost, and its retry answered with ENOENT: hence the look for the private
 * name.
 * Source: rename(2).
 */
import { writeFileSync } from 'node:fs';
import { ENOENT, fail } from './posix/errno.js';
import * as libc from './posix/libc.js';
import { cPath } from './posix/libc.js';
import { uniqueName } from './posix/process-identity.js';
import { exists } from './posix/stat.js';
import type { SyncStrategy } from './strategy.js';

const FREE = 'free';

export const strategy: SyncStrategy = {
  name: 'rename',
  title: 'token that is renamed',
  family: 'name in a directory',
  source: 'rename(2)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'stuck',
    owner: 'holder',
  },
  calls: 'synchronous',
  prepare: (roundDirectory) => writeFileSync(roundDirectory.path(FREE), '', { flag: 'wx' }),
  open(site) {
    const { errno, rename } = libc;
    const freePath = site.path(FREE);
    const ownPath = site.path(`held.${uniqueName()}`);
    const free = cPath(freePath);
    const own = cPath(ownPath);
    return {
      tryLock() {
        if (rename(free, own) === 0) return true;
        if (errno() !== ENOENT) fail('rename', freePath);
        return exists(own, ownPath);
      },
      unlock() {
        if (rename(own, free) === -1) fail('rename', ownPath);
      },
      close() {},
    };
  },
};
