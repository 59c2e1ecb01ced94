/**
 * Shared-memory flag: a word that says "somebody runs", tested and set in one instruction.
 *
 * On lock: compare-and-exchange 0 for 1; a word that was 1 means held.
 * On unlock: store 0.
 * If the holder dies: the flag stays set, and nobody can tell.
 * Where it breaks: at the holder's death; between hosts, which share no memory. See `broken` for the flag that is
 * tested and set in two steps.
 * Source: the article on single instances, its flaw mended.
 */
import { destroyPage, openWords, preparePage } from './shared/memory-page.js';
import type { SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  name: 'shm-flag',
  title: 'test-and-set in shared memory',
  family: 'shared memory',
  source: 'the article; shm_overview(7)',
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
    const flag = openWords(site);
    return {
      tryLock: () => Atomics.compareExchange(flag, 0, 0, 1) === 0,
      unlock() {
        Atomics.store(flag, 0, 0);
      },
      close() {},
    };
  },
};
