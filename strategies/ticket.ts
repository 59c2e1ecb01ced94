/**
 * Ticket lock: each process draws the next number and goes in when it is served: first come, first served.
 *
 * On lock: fetch-and-add on "next" draws a ticket, once an acquisition; held means that "serving" is not that ticket
 * yet.
 * On unlock: add 1 to "serving".
 * If the holder dies: its number is served for ever. A waiter that dies stops the queue likewise when its turn comes.
 * Where it breaks: with more processes than processors the next one in the queue may not be running, and nobody else
 * may go in its place; a ticket cannot be given back once another was drawn.
 * Source: Mellor-Crummey and Scott, 1991, section 2.2.
 */
import { destroyPage, openWords, preparePage } from './shared/memory-page.js';
import type { SyncStrategy } from './strategy.js';

// 128 bytes apart: who looks at the one shall not be disturbed by who draws from the other.
export const NEXT = 0;
const SERVING = 32;

export const strategy: SyncStrategy = {
  name: 'ticket',
  title: 'ticket lock in shared memory',
  family: 'shared memory',
  source: 'Mellor-Crummey and Scott 1991, section 2.2',
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
    const words = openWords(site);
    let ticket = 0;
    let waits = false;
    return {
      fifo: true,
      beginAcquire() {
        ticket = Atomics.add(words, NEXT, 1);
        waits = true;
      },
      tryLock() {
        if (Atomics.load(words, SERVING) !== ticket) return false;
        waits = false;
        return true;
      },
      unlock() {
        Atomics.add(words, SERVING, 1);
      },
      close() {
        if (!waits) return;
        waits = false;
        const drawn = (ticket + 1) | 0;
        if (Atomics.compareExchange(words, NEXT, drawn, ticket) !== drawn)
          throw new Error(`ticket ${ticket} cannot be given back: others behind it will wait for ever`);
      },
    };
  },
};
