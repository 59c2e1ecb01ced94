/**
 * No lock at all: the reason for all the others, and the control that must be caught losing updates.
 *
 * On lock: nothing.
 * On unlock: nothing.
 * If the holder dies: nothing was held.
 * Where it breaks: everywhere with more than one process. With one process it measures the cost of the number itself.
 * Source: textbook, 9.2.
 */
import type { SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  name: 'none',
  title: 'no lock',
  family: 'control',
  source: 'textbook, 9.2',
  claims: {
    excludes: false,
    excludesAsRoot: false,
    excludesAcrossNfs: { v3: false, v4: false },
    holderDies: 'released',
    owner: 'nobody',
  },
  calls: 'synchronous',
  open: () => ({
    lock() {},
    tryLock: () => true,
    unlock() {},
    close() {},
  }),
};
