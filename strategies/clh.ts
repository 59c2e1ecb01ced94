/**
 * CLH: a queue in which each waiter looks at the word of its predecessor.
 *
 * On lock: set the word of one's node, exchange the tail for that node, and wait until the word of the node found is clear.
 * On unlock: clear one's own node's word; from now on the predecessor's node is one's own.
 * If the holder dies: its word stays set. A waiter that dies stops the queue likewise.
 * Where it breaks: as MCS does; and it cannot be tried, since who is in the queue cannot leave it.
 * The lock is c/clh.c.
 * Source: Craig 1993; Magnusson, Landin and Hagersten 1994.
 */
import { destroyPage, prepareQueue } from './shared/memory-page.js';
import { onlyIn } from './shared/only-in.js';

export const strategy = onlyIn('c', {
  name: 'clh',
  title: 'queue lock CLH',
  family: 'shared memory',
  source: 'Craig 1993; Magnusson, Landin and Hagersten 1994',
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
