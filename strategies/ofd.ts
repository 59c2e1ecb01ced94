/**
 * Record lock of the open file description: the lock of `fcntl` without its trap (closing another descriptor).
 *
 * On lock: fcntl(F_OFD_SETLKW, F_WRLCK) over the whole file; the kernel puts the caller to sleep until it is free.
 * Shared: the same with F_RDLCK.
 * On unlock: fcntl(F_OFD_SETLK, F_UNLCK).
 * If the holder dies: the kernel releases the lock with the last descriptor of that open file description.
 * Where it breaks: a descriptor that a child inherits keeps the lock after its parent has died. The kernel does not
 * look for deadlocks among these. Linux 3.15 or later; POSIX has it since 2024 only.
 * Source: fcntl_locking(2), "Open file description locks".
 */

import { DESCRIPTION_OWNED, WHOLE_FILE } from './posix/file-lock.js';
import { recordLock } from './shared/record-lock.js';
import type { SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  name: 'ofd',
  title: 'open-file-description lock',
  family: 'kernel file lock',
  source: 'fcntl_locking(2)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'released',
    owner: 'open-file-description',
  },
  calls: 'synchronous',
  open: ({ fd }) => recordLock(fd, DESCRIPTION_OWNED, WHOLE_FILE),
};
