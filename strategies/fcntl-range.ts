/**
 * Record lock on one byte of a file of which every process holds a hundred others: what a long list of locks costs.
 *
 * On lock: fcntl(F_SETLKW, F_WRLCK) over byte 0. Locking the whole file would wait for the others' bytes forever.
 * Shared: the same with F_RDLCK.
 * On unlock: fcntl(F_SETLK, F_UNLCK) over byte 0; the other bytes stay locked until `close`.
 * If the holder dies: the kernel releases all its locks.
 * Where it breaks: as fcntl; besides, the kernel walks the file's list of locks, which holds those of all owners.
 * Source: fcntl_locking(2).
 */

import { EINTR, fail } from './posix/errno.js';
import { PROCESS_OWNED, unlocked, writeLock } from './posix/file-lock.js';
import { errno, fcntl } from './posix/libc.js';
import { recordLock } from './shared/record-lock.js';
import type { SyncStrategy } from './strategy.js';

/** Bytes that each process holds besides, every other one, since the kernel joins neighbours to one lock. */
export const OTHER_LOCKS = 100;
/** Where the bytes of a process begin: far from byte 0, and from those of the next process. */
const REGION_BYTES = 1 << 20;

export const strategy: SyncStrategy = {
  name: 'fcntl-range',
  title: `fcntl, one byte beside ${OTHER_LOCKS}`,
  family: 'kernel file lock',
  source: 'fcntl_locking(2)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'released',
    owner: 'process',
  },
  calls: 'synchronous',
  open({ fd, workerIndex }) {
    const region = { start: (workerIndex + 1) * REGION_BYTES, length: 2 * OTHER_LOCKS };
    const set = (request: ReturnType<typeof writeLock>): void => {
      while (fcntl(fd, PROCESS_OWNED.set, request) === -1) if (errno() !== EINTR) fail('fcntl(F_SETLK)');
    };
    for (let i = 0; i < OTHER_LOCKS; i++) set(writeLock({ start: region.start + 2 * i, length: 1 }));
    const dropAll = unlocked(region);
    return { ...recordLock(fd, PROCESS_OWNED, { start: 0, length: 1 }), close: () => set(dropAll) };
  },
};
