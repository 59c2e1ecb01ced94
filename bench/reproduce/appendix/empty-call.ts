/**
 * No lock: lock and unlock call a function of the C library that does nearly nothing. What a pair of this costs, every pair
 * of calls from JavaScript costs.
 */
import { strategy as noLock } from '../../../strategies/none.js';
import { libc } from '../../../strategies/posix/libc.js';
import type { SyncStrategy } from '../../../strategies/strategy.js';

const abs: (value: number) => number = libc.func('int abs(int value)');

export const strategy: SyncStrategy = {
  ...noLock,
  name: import.meta.url,
  title: 'two calls that do nothing',
  source: 'abs(3)',
  open: () => ({
    lock() {
      abs(1);
    },
    unlock() {
      abs(1);
    },
    close() {},
  }),
};
