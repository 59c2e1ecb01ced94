/**
 * Mutex of three states on a futex: free, held, and held with somebody asleep. The kernel is asked only to sleep, and
 * to wake when a waiter may be asleep; an uncontended lock makes no system call.
 *
 * On lock: compare-and-exchange 0 for 1; if held, exchange for 2 until that finds 0, asleep (FUTEX_WAIT) between.
 * On unlock: exchange for 0; if it was 2, wake one (FUTEX_WAKE).
 * If the holder dies: the word stays set, and nobody can tell; sleeping waiters sleep on.
 * Where it breaks: at the holder's death; between hosts. See `robust-mutex` for the word that names its owner.
 * Source: futex(2), futex(7); Drepper, "Futexes are tricky", third mutex.
 */

import * as futex from './posix/futex-wait.js';
import { destroyPage, openPage, preparePage } from './shared/memory-page.js';
import type { SyncStrategy } from './strategy.js';

const FREE = 0;
const HELD = 1;
const AWAITED = 2;

export const strategy: SyncStrategy = {
  name: 'futex',
  title: 'three-state mutex on a futex',
  family: 'shared memory',
  source: 'futex(2); Drepper, "Futexes are tricky"',
  closedToOthers: 'the layout of its memory is this program’s own',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: 'not applicable',
    holderDies: 'stuck',
    owner: 'nobody',
  },
  calls: 'synchronous',
  prepare: preparePage,
  destroy: destroyPage,
  open(site) {
    const { futexWait, futexWakeOne } = futex;
    const { address, buffer } = openPage(site);
    const word = new Int32Array(buffer);
    return {
      lock() {
        if (Atomics.compareExchange(word, 0, FREE, HELD) === FREE) return;
        // A process that slept takes it as awaited: there may be others asleep, of which it cannot know.
        while (Atomics.exchange(word, 0, AWAITED) !== FREE) futexWait(address, AWAITED);
      },
      tryLock: () => Atomics.compareExchange(word, 0, FREE, HELD) === FREE,
      unlock() {
        if (Atomics.exchange(word, 0, FREE) === AWAITED) futexWakeOne(address);
      },
      close() {},
    };
  },
};
