/**
 * A mutex of POSIX threads, the usual kind, as sysbench takes it: zeros are one that is free. `mutex.js?yields` gives the
 * processor up while it holds the lock, as `sysbench threads` does. Between processes it excludes on Linux only while nobody
 * waits, so that it is measured by one process alone.
 */

import { schedYield } from '../../../../strategies/posix/libc.js';
import { expectZero, mutexLock, mutexUnlock } from '../../../../strategies/posix/pthread.js';
import { destroyPage, openPage, preparePage } from '../../../../strategies/shared/memory-page.js';
import type { SyncStrategy } from '../../../../strategies/strategy.js';

const yields = new URL(import.meta.url).searchParams.has('yields');

export const strategy: SyncStrategy = {
  name: import.meta.url,
  title: 'pthread mutex of one process',
  family: 'control',
  source: 'pthread_mutex_lock(3p)',
  claims: {
    excludes: false,
    excludesAsRoot: false,
    excludesAcrossNfs: 'not applicable',
    holderDies: 'stuck',
    owner: 'nobody',
  },
  calls: 'synchronous',
  prepare: preparePage,
  destroy: destroyPage,
  open(site) {
    const { address } = openPage(site);
    const lock = (): void => expectZero(mutexLock(address), 'pthread_mutex_lock');
    return {
      lock: yields
        ? () => {
            lock();
            schedYield();
          }
        : lock,
      unlock: () => expectZero(mutexUnlock(address), 'pthread_mutex_unlock'),
      close() {},
    };
  },
};
