/**
 * Read-write lock of POSIX threads in shared memory: many readers, or one writer. As a mutex its write side is used.
 *
 * On lock: pthread_rwlock_wrlock; on try pthread_rwlock_trywrlock, EBUSY means held.
 * Shared: pthread_rwlock_rdlock, pthread_rwlock_tryrdlock.
 * On unlock: pthread_rwlock_unlock, for both modes.
 * If the holder dies: it stays held; it has no robust kind. A reader that dies keeps all writers out.
 * Where it breaks: at a holder's death; glibc lets readers in past a waiting writer, for as long as readers come; an
 * unlock by a process that does not hold it is undefined, and with glibc makes the lock unusable.
 * Source: pthread_rwlock_wrlock(3p), pthread_rwlockattr_setkind_np(3).
 */

import * as errnos from './posix/errno.js';
import * as pthread from './posix/pthread.js';
import { destroyPage, openPage, prepareLockPage } from './shared/memory-page.js';
import type { SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  name: 'rwlock',
  title: 'pthread read-write lock',
  family: 'shared memory',
  source: 'pthread_rwlock_wrlock(3p)',
  closedToOthers: 'its memory is laid out by one C library, so that only programs which use that can',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: 'not applicable',
    holderDies: 'stuck',
    owner: 'thread',
  },
  calls: 'synchronous',
  prepare: (roundDirectory) => prepareLockPage(roundDirectory, pthread.initRwlock),
  destroy: destroyPage,
  open(site) {
    const { expectZero, rwlockRdlock, rwlockTryrdlock, rwlockTrywrlock, rwlockUnlock, rwlockWrlock } =
      pthread;
    const { EBUSY } = errnos;
    const { address } = openPage(site);
    const tried = (result: number, call: string): boolean => {
      if (result === EBUSY) return false;
      expectZero(result, call);
      return true;
    };
    return {
      lock: () => expectZero(rwlockWrlock(address), 'pthread_rwlock_wrlock'),
      tryLock: () => tried(rwlockTrywrlock(address), 'pthread_rwlock_trywrlock'),
      lockShared: () => expectZero(rwlockRdlock(address), 'pthread_rwlock_rdlock'),
      tryLockShared: () => tried(rwlockTryrdlock(address), 'pthread_rwlock_tryrdlock'),
      unlock: () => expectZero(rwlockUnlock(address), 'pthread_rwlock_unlock'),
      close() {},
    };
  },
};
