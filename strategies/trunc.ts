/**
 * Create with mode 0: a file that nobody may open for writing, its maker included, can be made only once.
 *
 * On lock: open(O_CREAT|O_WRONLY|O_TRUNC, mode 0), EACCES means held; close at once.
 * On unlock: unlink.
 * If the holder dies: the name stays, and the lock with it.
 * Where it breaks: permissions do not bind the superuser, whose second open succeeds. EACCES also comes from the
 * directory, for ever then: so the directory is looked at first. Over NFSv3 the check and the creation are
 * separate requests, and two clients can both succeed.
 * Source: textbook, 9.8.
 */
import { constants } from 'node:fs';
import { EACCES, ENOENT, fail } from './posix/errno.js';
import * as libc from './posix/libc.js';
import { access, cPath } from './posix/libc.js';
import type { SyncStrategy } from './strategy.js';

const FLAGS = constants.O_CREAT | constants.O_WRONLY | constants.O_TRUNC;

export const strategy: SyncStrategy = {
  name: 'trunc',
  title: 'create with mode 0',
  family: 'name in a directory',
  source: 'textbook, 9.8; open(2)',
  claims: {
    excludes: true,
    excludesAsRoot: false,
    excludesAcrossNfs: { v3: false, v4: true },
    holderDies: 'stuck',
    owner: 'name',
  },
  calls: 'synchronous',
  open(site) {
    const { close, errno, open, unlink } = libc;
    if (access(cPath(site.dir), constants.W_OK | constants.X_OK) === -1) fail('access', site.dir);
    const path = site.path('lock');
    const name = cPath(path);
    return {
      tryLock() {
        const fd = open(name, FLAGS, 0);
        if (fd === -1) {
          if (errno() !== EACCES) fail('open(O_CREAT|O_TRUNC)', path);
          return false;
        }
        if (close(fd) === -1) fail('close', path);
        return true;
      },
      unlock() {
        // As root two can hold it; the second to unlock finds the name gone. That is for the verdict to tell.
        if (unlink(name) === -1 && errno() !== ENOENT) fail('unlink', path);
      },
      close() {},
    };
  },
};
