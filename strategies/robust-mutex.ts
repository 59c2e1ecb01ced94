/**
 * Robust mutex: a mutex of POSIX threads in shared memory. Its word names the owner's thread, and each thread keeps a
 * list of those it holds, which the kernel walks when the thread ends.
 *
 * On lock: pthread_mutex_lock; EOWNERDEAD means got, from a holder that died, and pthread_mutex_consistent makes it
 * usable again. On try: pthread_mutex_trylock, EBUSY means held.
 * On unlock: pthread_mutex_unlock; EPERM for a thread that does not hold it.
 * If the holder dies: the kernel marks the word and wakes one, which is told by EOWNERDEAD.
 * Where it breaks: a program that ignores EOWNERDEAD works on half-done data; unlocking without
 * pthread_mutex_consistent makes the mutex unusable forever (ENOTRECOVERABLE). Between hosts.
 * Source: pthread_mutexattr_setrobust(3), pthread_mutex_consistent(3), get_robust_list(2).
 */

import * as errnos from './posix/errno.js';
import * as pthread from './posix/pthread.js';
import { destroyPage, openPage, prepareLockPage } from './shared/memory-page.js';
import type { SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  name: 'robust-mutex',
  title: 'robust pthread mutex',
  family: 'shared memory',
  source: 'pthread_mutexattr_setrobust(3)',
  closedToOthers: 'its memory is laid out by one C library, so that only programs which use that can',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: 'not applicable',
    holderDies: 'owner-died',
    owner: 'thread',
  },
  calls: 'synchronous',
  prepare: (roundDirectory) => prepareLockPage(roundDirectory, pthread.initRobustMutex),
  destroy: destroyPage,
  open(site) {
    const { expectZero, mutexConsistent, mutexLock, mutexTrylock, mutexUnlock } = pthread;
    const { EBUSY, EOWNERDEAD } = errnos;
    const { address } = openPage(site);
    let ownerDied = false;
    const got = (result: number, call: string): void => {
      ownerDied = result === EOWNERDEAD;
      if (ownerDied) expectZero(mutexConsistent(address), 'pthread_mutex_consistent');
      else expectZero(result, call);
    };
    return {
      lock: () => got(mutexLock(address), 'pthread_mutex_lock'),
      tryLock() {
        const result = mutexTrylock(address);
        if (result === EBUSY) return false;
        got(result, 'pthread_mutex_trylock');
        return true;
      },
      unlock: () => expectZero(mutexUnlock(address), 'pthread_mutex_unlock'),
      recovery: () => (ownerDied ? 'owner-died' : null),
      close() {},
    };
  },
};
