/**
 * Semaphore of System V, with the value 1 when the lock is free: a counter that the kernel keeps under a number.
 *
 * On lock: semop adds -1, or sleeps while that would make less than 0; on try with IPC_NOWAIT, EAGAIN means held.
 * On unlock: semop adds 1.
 * If the holder dies: the value stays 0, and nobody can tell; see `sysv-sem-undo`.
 * Where it breaks: at the holder's death; anybody with permission may add 1; it is made and given its value by two
 * calls, between which others see it (posix/sysv-semaphore.ts says how that is met); it stays until somebody removes
 * it.
 * Source: textbook, 11.2 and 11.3; semget(2), semop(2).
 */
import { destroySysv, openSysv, prepareSysv } from './shared/sysv-sem-lock.js';
import type { SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  name: 'sysv-sem',
  title: 'System V semaphore',
  family: 'semaphore',
  source: 'textbook, 11.2; semget(2), semop(2)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: 'not applicable',
    holderDies: 'stuck',
    owner: 'nobody',
  },
  calls: 'synchronous',
  prepare: prepareSysv,
  destroy: destroySysv,
  open: (site) => openSysv(site, false),
};
