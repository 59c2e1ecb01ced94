/**
 * Semaphore of System V with SEM_UNDO: the kernel remembers for each process what it added, and takes it back at its
 * end.
 *
 * On lock: semop adds -1 with SEM_UNDO, or sleeps; on try with IPC_NOWAIT as well, EAGAIN means held.
 * On unlock: semop adds 1 with SEM_UNDO, so that nothing is left to take back.
 * If the holder dies: the kernel adds 1, and the next one gets the lock; it is not told.
 * Where it breaks: without SEM_UNDO on the unlock, each process's end would add what it took, and let more in; a
 * stranger may add 1, and its end takes that 1 away again from the process that has the lock by then. SETVAL clears
 * what is remembered.
 * Source: textbook, 11.3; semop(2).
 */
import { destroySysv, openSysv, prepareSysv } from './shared/sysv-sem-lock.js';
import type { SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  name: 'sysv-sem-undo',
  title: 'System V semaphore, SEM_UNDO',
  family: 'semaphore',
  source: 'textbook, 11.3; semop(2)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: 'not applicable',
    holderDies: 'released',
    owner: 'nobody',
  },
  calls: 'synchronous',
  prepare: prepareSysv,
  destroy: destroySysv,
  open: (site) => openSysv(site, true),
};
