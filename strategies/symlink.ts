/**
 * Symbolic link that leads nowhere: the process that makes it holds the lock, and its target names that process.
 *
 * On lock: symlink(2) from "host:pid and start time" to the agreed name; EEXIST means held.
 * On unlock: unlink.
 * If the holder dies: the link stays, and the lock with it; but `ls -l` tells whose it was.
 * Where it breaks: as excl. Over NFS the answer to a symlink that succeeded can get lost and its repetition be told
 * EEXIST: hence the look at the target, which proves success if it is one's own.
 * Source: symlink(2), readlink(2).
 */
import { hostname } from 'node:os';
import { EEXIST, ENOENT, fail } from './posix/errno.js';
import * as libc from './posix/libc.js';
import { allocate, cPath } from './posix/libc.js';
import { uniqueName } from './posix/process-identity.js';
import type { SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  name: 'symlink',
  title: 'symbolic link to its holder',
  family: 'name in a directory',
  source: 'symlink(2)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'stuck',
    owner: 'name',
  },
  calls: 'synchronous',
  open(site) {
    const { errno, readlink, symlink, unlink } = libc;
    const path = site.path('lock');
    const name = cPath(path);
    const text = new TextEncoder().encode(`${hostname()}:${uniqueName()}`);
    const target = cPath(new TextDecoder().decode(text));
    const there = allocate(text.length + 1);
    const isMine = (): boolean => {
      const length = readlink(name, there.address, text.length + 1);
      // Gone in between: it was another's.
      if (length === -1 && errno() !== ENOENT) fail('readlink', path);
      if (length !== text.length) return false;
      for (let i = 0; i < length; i++) if (there.bytes[i] !== text[i]) return false;
      return true;
    };
    return {
      tryLock() {
        if (symlink(target, name) === 0) return true;
        if (errno() !== EEXIST) fail('symlink', path);
        return isMine();
      },
      unlock() {
        if (unlink(name) === -1) fail('unlink', path);
      },
      close() {},
    };
  },
};
