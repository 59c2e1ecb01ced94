/**
 * eventfd as a semaphore: a counter in the kernel behind a descriptor, 1 when the lock is free. It has no name:
 * processes get it from the one that made it (posix/exported-fd.ts).
 *
 * On lock: read(2) takes 1, or sleeps while the counter is 0; on try preadv2(2) with RWF_NOWAIT, EAGAIN means held.
 * On unlock: write(2) adds 1.
 * If the holder dies: the counter stays 0, and nobody can tell.
 * Where it breaks: at the holder's death; any process with the descriptor may add 1; unrelated processes cannot get it,
 * and all children have it, wanted or not.
 * Source: eventfd(2), EFD_SEMAPHORE; readv(2), RWF_NOWAIT.
 */

import { check } from './posix/errno.js';
import { exportFd, inherit, revokeFd } from './posix/exported-fd.js';
import * as libc from './posix/libc.js';
import { allocate, eventfd } from './posix/libc.js';
import { retrying } from './shared/retrying.js';
import type { SyncStrategy } from './strategy.js';

const EFD_SEMAPHORE = 1;
const RWF_NOWAIT = 8;
const COUNT_BYTES = 8;

export const strategy: SyncStrategy = {
  name: 'eventfd',
  title: 'eventfd as a semaphore',
  family: 'semaphore',
  source: 'eventfd(2)',
  closedToOthers: 'it has no name, and only children of the process that made it have its descriptor',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: 'not applicable',
    holderDies: 'stuck',
    owner: 'nobody',
  },
  calls: 'synchronous',
  inherited: true,
  prepare: ({ token }) => exportFd(token, check(eventfd(1, EFD_SEMAPHORE), 'eventfd')),
  destroy: ({ token }) => revokeFd(token),
  open({ token }) {
    const { preadv2, read, write } = libc;
    const fd = inherit(token);
    const one = allocate(COUNT_BYTES);
    new BigInt64Array(one.bytes.buffer)[0] = 1n;
    const taken = allocate(COUNT_BYTES).address;
    const vector = allocate(16);
    new BigInt64Array(vector.bytes.buffer).set([BigInt(taken), BigInt(COUNT_BYTES)]);
    const members = retrying({
      take: () => read(fd, taken, COUNT_BYTES),
      // O_NONBLOCK would be everybody's: it belongs to the open file description, and there is only one.
      tryToTake: () => preadv2(fd, vector.address, 1, -1, RWF_NOWAIT),
      give: () => write(fd, one.address, COUNT_BYTES),
      names: { take: 'read', tryToTake: 'preadv2(RWF_NOWAIT)', give: 'write' },
    });
    return { ...members, close() {} };
  },
};
