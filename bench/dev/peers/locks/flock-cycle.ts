/**
 * One cycle of `stress-ng --flock`, as strace shows it: sixteen calls of flock(2), of which six take the lock, six give it
 * back and four are refused. It is no lock, but the same calls: the first half on lock, the second on unlock.
 */
import { fail } from '../../../../strategies/posix/errno.js';
import { LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN } from '../../../../strategies/posix/file-lock.js';
import * as libc from '../../../../strategies/posix/libc.js';
import type { SyncStrategy } from '../../../../strategies/strategy.js';

/** Mandatory locks of an open file, which today's kernels take no notice of. Source: flock(2), <asm-generic/fcntl.h>. */
const LOCK_MAND = 32;
const LOCK_READ = 64;
const LOCK_WRITE = 128;
const NO_DESCRIPTOR = 20_001;

export const strategy: SyncStrategy = {
  name: import.meta.url,
  title: 'the calls of stress-ng --flock',
  family: 'control',
  source: 'stress-ng(1)',
  claims: {
    excludes: false,
    excludesAsRoot: false,
    excludesAcrossNfs: 'not applicable',
    holderDies: 'released',
    owner: 'open-file-description',
  },
  calls: 'synchronous',
  open({ fd }) {
    const { flock } = libc;
    const taken = (operation: number): void => {
      if (flock(fd, operation) === -1 || flock(fd, LOCK_UN) === -1) fail('flock');
    };
    return {
      lock() {
        taken(LOCK_EX);
        flock(NO_DESCRIPTOR, LOCK_EX);
        flock(NO_DESCRIPTOR, LOCK_UN);
        taken(LOCK_EX | LOCK_NB);
        flock(fd, LOCK_NB);
        if (flock(fd, LOCK_SH) === -1) fail('flock');
      },
      unlock() {
        if (flock(fd, LOCK_UN) === -1) fail('flock');
        taken(LOCK_SH | LOCK_NB);
        taken(LOCK_MAND | LOCK_READ);
        taken(LOCK_MAND | LOCK_WRITE);
        flock(fd, LOCK_SH | LOCK_EX);
      },
      close() {},
    };
  },
};
