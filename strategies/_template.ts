/**
 * A strategy to copy: it compiles, and it locks nothing between processes. One sentence on the idea stands here.
 *
 * On lock: what happens, call by call, and which errno means "held".
 * On unlock: likewise.
 * If the holder dies: what the next one sees.
 * Where it breaks: hosts, users, other descriptors, what a reader must know before choosing it.
 * Source: manual page, or section of the textbook.
 */
import type { SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  // required: the file's name, and the key of its line in the catalogue
  name: '_template',
  // required: a few words for tables
  title: 'a strategy to copy',
  // required
  family: 'control',
  // required
  source: 'none',
  // required: each is proven by the contract test
  claims: {
    excludes: false,
    excludesAsRoot: false,
    excludesAcrossNfs: 'not applicable',
    holderDies: 'released',
    owner: 'nobody',
  },
  // required: 'asynchronous' if its members return promises
  calls: 'synchronous',
  // optional: only for what a first acquisition would not tell
  probe: () => ({ available: true }),
  // optional: what must exist once for all workers
  prepare() {},
  // optional: removes what `prepare` made, after kills too, twice without complaint
  destroy() {},
  // required: buffers, paths and descriptors are made here, so that the members below allocate nothing
  // required: makes all that a turn needs. What it calls is taken into constants here (why: posix/libc.ts)
  open() {
    let held = false;
    return {
      // optional: fifo, where the first to ask is served first
      // optional: once an acquisition, before the first try
      beginAcquire() {},
      // lock or tryLock, or both: the kernel makes the caller wait
      lock() {
        held = true;
      },
      // optional: lockShared and tryLockShared, where readers may be in together
      // lock or tryLock, or both: one try, false for "held"
      tryLock() {
        if (held) return false;
        held = true;
        return true;
      },
      // required
      unlock() {
        held = false;
      },
      // optional: whether the last one died in it, where the lock can tell
      recovery: () => null,
      // required
      close() {},
    };
  },
};
