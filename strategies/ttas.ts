/**
 * Test, then test-and-set: a word that is looked at before anything is written to it.
 *
 * On lock: held if the word is not 0; else compare-and-exchange 0 for 1.
 * On unlock: store 0.
 * If the holder dies: the word stays set, and nobody can tell.
 * Where it breaks: at the holder's death; when the word becomes free, all that wait for it write to it at once.
 * The lock is c/ttas.c. An engine between two tries takes longer than what the first test saves.
 * Source: Rudolph and Segall 1984; Herlihy and Shavit, The Art of Multiprocessor Programming, section 7.3.
 */
import { destroyPage, preparePage } from './shared/memory-page.js';
import { onlyIn } from './shared/only-in.js';

export const strategy = onlyIn('c', {
  name: 'ttas',
  title: 'test, then test-and-set',
  family: 'shared memory',
  source: 'Rudolph and Segall 1984',
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
