/**
 * The flawed flag of the article, as a control: it must be caught letting two in. It answers the article's exercise.
 *
 * On lock: look at the flag; if it is 0, yield the processor, then set it to 1.
 * On unlock: store 0.
 * If the holder dies: the flag stays set.
 * Where it breaks: two processes that look before either has set the flag both go in. The yield widens a gap of
 * a few instructions, which an idle machine might miss for hours, to a time slice.
 * Source: the article on single instances.
 */

import { schedYield } from './posix/libc.js';
import { destroyPage, openWords, preparePage } from './shared/memory-page.js';
import type { SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  name: 'broken',
  title: 'flag tested, then set',
  family: 'control',
  source: 'the article',
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
    const flag = openWords(site);
    return {
      tryLock() {
        if (Atomics.load(flag, 0) !== 0) return false;
        schedYield();
        Atomics.store(flag, 0, 1);
        return true;
      },
      unlock() {
        Atomics.store(flag, 0, 0);
      },
      close() {},
    };
  },
};
