/**
 * MCS: a queue in which each waiter looks at a word of its own, which its predecessor clears.
 *
 * On lock: exchange the tail of the queue for oneself; if there was somebody, link to them and wait for one's own word.
 * On unlock: clear the word of the next in the queue; if there is none, exchange the tail back.
 * If the holder dies: nobody clears the next one's word. A waiter that dies stops the queue when its turn comes.
 * Where it breaks: with more processes than processors the next in the queue may not be running, and no other may go in.
 * The lock is c/mcs.c.
 * Source: Mellor-Crummey and Scott, 1991, section 2.4.
 */
import { destroyPage, prepareQueue } from './shared/memory-page.js';
import { onlyIn } from './shared/only-in.js';

export const strategy = onlyIn('c', {
  name: 'mcs',
  title: 'queue lock MCS',
  family: 'shared memory',
  source: 'Mellor-Crummey and Scott 1991, section 2.4',
  closedToOthers: 'the layout of its memory is this program’s own',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: 'not applicable',
    holderDies: 'stuck',
    owner: 'holder',
  },
  prepare: prepareQueue,
  destroy: destroyPage,
});
