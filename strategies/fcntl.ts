/**
 * Record lock: the kernel keeps, for each file, a list of byte ranges and the process that owns each.
 *
 * On lock: fcntl(F_SETLKW, F_WRLCK) over the whole file; the kernel puts the caller to sleep until it is free.
 * Shared: the same with F_RDLCK.
 * On unlock: fcntl(F_SETLK, F_UNLCK).
 * If the holder dies: the kernel releases the lock.
 * Where it breaks: the owner is the process. Closing any descriptor of the file, a library's own included, drops
 * the lock; two threads of one process do not exclude each other.
 * Source: textbook, 9.3; fcntl_locking(2).
 */

import { PROCESS_OWNED, WHOLE_FILE } from './posix/file-lock.js';
import { recordLock } from './shared/record-lock.js';
import type { SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  name: 'fcntl',
  title: 'fcntl record lock',
  family: 'kernel file lock',
  source: 'textbook, 9.3; fcntl_locking(2)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'released',
    owner: 'process',
  },
  calls: 'synchronous',
  open: ({ fd }) => recordLock(fd, PROCESS_OWNED, WHOLE_FILE),
};
