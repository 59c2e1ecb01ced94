/**
 * A lock with a dial, to measure what prove rounds catch: it lets its caller in once in N acquisitions whether it is held
 * or not, and else excludes. The dial is the query of its own URL: `leaky.js?oneIn=1000`; 0 means that it never leaks.
 */
import { destroyPage, openWords, preparePage } from '../../../strategies/shared/memory-page.js';
import type { SyncStrategy } from '../../../strategies/strategy.js';

const oneIn = Number(new URL(import.meta.url).searchParams.get('oneIn') ?? 0);

export const strategy: SyncStrategy = {
  name: import.meta.url,
  title: `test-and-set that leaks once in ${oneIn}`,
  family: 'control',
  source: 'made to measure the detection of prove rounds',
  claims: {
    excludes: oneIn === 0,
    excludesAsRoot: oneIn === 0,
    excludesAcrossNfs: 'not applicable',
    holderDies: 'stuck',
    owner: 'nobody',
  },
  calls: 'synchronous',
  prepare: preparePage,
  destroy: destroyPage,
  open(site) {
    const flag = openWords(site);
    let leaks = false;
    let mine = false;
    return {
      beginAcquire() {
        leaks = oneIn > 0 && Math.random() * oneIn < 1;
      },
      tryLock() {
        mine = Atomics.compareExchange(flag, 0, 0, 1) === 0;
        return mine || leaks;
      },
      unlock() {
        // One who leaked in does not let the others in as well: each leak is one failure.
        if (mine) Atomics.store(flag, 0, 0);
      },
      close() {},
    };
  },
};
