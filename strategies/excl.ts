/**
 * Lock file: the process that creates the name holds the lock, since O_CREAT with O_EXCL lets only one create it.
 *
 * On lock: open(O_RDWR|O_CREAT|O_EXCL), EEXIST means held; close at once, the name is the lock.
 * On unlock: unlink.
 * If the holder dies: the name stays, and the lock with it, forever.
 * Where it breaks: nobody is woken, so the waiter polls; each turn writes a directory twice. Over NFSv2 it did
 * not exclude, since the protocol had no exclusive create.
 * Source: textbook, 9.8; open(2).
 */
import { constants } from 'node:fs';
import { EEXIST, fail } from './posix/errno.js';
import * as libc from './posix/libc.js';
import { cPath } from './posix/libc.js';
import type { SyncStrategy } from './strategy.js';

const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;

export const strategy: SyncStrategy = {
  name: 'excl',
  title: 'lock file, O_CREAT|O_EXCL',
  family: 'name in a directory',
  source: 'textbook, 9.8; open(2)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'stuck',
    owner: 'name',
  },
  calls: 'synchronous',
  open(site) {
    const { close, errno, open, unlink } = libc;
    const path = site.path('lock');
    const name = cPath(path);
    return {
      tryLock() {
        const fd = open(name, FLAGS, 0o644);
        if (fd === -1) {
          if (errno() !== EEXIST) fail('open(O_CREAT|O_EXCL)', path);
          return false;
        }
        if (close(fd) === -1) fail('close', path);
        return true;
      },
      unlock() {
        if (unlink(name) === -1) fail('unlink', path);
      },
      close() {},
    };
  },
};
