/**
 * Hard link: each process has a file under a name of its own, and the process that links it to the agreed name holds
 * the lock.
 *
 * On lock: create the private name (once per acquisition), link(2) it to the agreed one, EEXIST means held; then unlink
 * the private name.
 * On unlock: unlink the agreed name.
 * If the holder dies: the agreed name stays, and the lock with it; a waiter that dies leaves its private name.
 * Where it breaks: both names must be on one file system (EXDEV). Over NFS the answer to a link that succeeded can be
 * lost, and its retry answered with EEXIST: hence the look at the private file, whose second name proves success.
 * Source: textbook, 9.8; open(2), the paragraph on O_EXCL.
 */
import { constants } from 'node:fs';
import { EEXIST, fail } from './posix/errno.js';
import * as libc from './posix/libc.js';
import { cPath } from './posix/libc.js';
import { statLinks } from './posix/stat.js';
import type { SyncStrategy } from './strategy.js';

const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

export const strategy: SyncStrategy = {
  name: 'link',
  title: 'hard link to an agreed name',
  family: 'name in a directory',
  source: 'textbook, 9.8; link(2), open(2)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'stuck',
    owner: 'name',
  },
  calls: 'synchronous',
  open(site) {
    const { close, errno, link, open, unlink } = libc;
    const ownPath = site.path(`own.${site.token}.${site.workerIndex}.${process.pid}`);
    const agreedPath = site.path('lock');
    const own = cPath(ownPath);
    const agreed = cPath(agreedPath);
    return {
      beginAcquire() {
        const fd = open(own, FLAGS, 0o644);
        if (fd === -1) fail('open(O_CREAT|O_EXCL)', ownPath);
        if (close(fd) === -1) fail('close', ownPath);
      },
      tryLock() {
        if (link(own, agreed) === -1) {
          if (errno() !== EEXIST) fail('link', agreedPath);
          if (statLinks(own, ownPath) !== 2) return false;
        }
        if (unlink(own) === -1) fail('unlink', ownPath);
        return true;
      },
      unlock() {
        if (unlink(agreed) === -1) fail('unlink', agreedPath);
      },
      close() {
        unlink(own);
      },
    };
  },
};
