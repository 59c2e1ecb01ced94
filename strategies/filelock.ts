/**
 * The package filelock of Python: flock(2) on a file of its own.
 *
 * On lock: open the file, make it if need be, and flock(LOCK_EX|LOCK_NB); EWOULDBLOCK means held. By itself it tries again
 * every 50 ms.
 * On unlock: flock(LOCK_UN), and close.
 * If the holder dies: the kernel gives the lock back.
 * Where it breaks: when the file is removed, a newcomer locks another one.
 * The lock is in bench/workers/python/catalogue.py.
 * Source: the package's documentation; flock(2).
 */
import { onlyIn } from './shared/only-in.js';

export const strategy = onlyIn('python', {
  name: 'filelock',
  title: 'package filelock of Python',
  family: 'kernel file lock',
  source: 'the package filelock; flock(2)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'released',
    owner: 'open-file-description',
  },
});
