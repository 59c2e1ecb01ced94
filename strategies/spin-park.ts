/**
 * Spin, then park: a mutex of three states that is tried for a while before its waiter sleeps in the kernel.
 *
 * On lock: compare-and-exchange free for held, a hundred times with a pause between; then exchange for awaited, and sleep
 * by futex(2) until it was free.
 * On unlock: exchange for free; if it was awaited, wake one.
 * If the holder dies: the word stays set, and waiters sleep for ever.
 * Where it breaks: at the holder's death; where the holder is not running, all that is spun is lost.
 * The lock is c/spin-park.c. In an engine a try takes so long that spinning ends before the holder does.
 * Source: Karlin, Li, Manasse and Owicki 1991; Drepper, Futexes are tricky.
 */
import { destroyPage, preparePage } from './shared/memory-page.js';
import { onlyIn } from './shared/only-in.js';

export const strategy = onlyIn('c', {
  name: 'spin-park',
  title: 'mutex that spins, then parks',
  family: 'shared memory',
  source: 'Karlin, Li, Manasse and Owicki 1991; futex(2)',
  closedToOthers: 'the layout of its memory is this program’s own',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: 'not applicable',
    holderDies: 'stuck',
    owner: 'nobody',
  },
  prepare: preparePage,
  destroy: destroyPage,
});
