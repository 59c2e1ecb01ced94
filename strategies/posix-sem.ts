/**
 * Named semaphore of POSIX, with the value 1 when the lock is free: a counter in shared memory, and a futex to sleep
 * on.
 *
 * On lock: sem_wait takes one, or sleeps; on try sem_trywait, EAGAIN means held.
 * On unlock: sem_post gives one back.
 * If the holder dies: the value stays 0, and nobody can tell.
 * Where it breaks: at the holder's death; any process may post, and one post too many lets two in from then on.
 * Source: textbook, chapter 10; sem_overview(7), sem_wait(3), sem_post(3).
 */

import * as sem from './posix/semaphore.js';
import { retrying } from './shared/retrying.js';
import type { RoundDirectory, SyncStrategy } from './strategy.js';

const nameOf = ({ token }: RoundDirectory): string => token;

export const strategy: SyncStrategy = {
  name: 'posix-sem',
  title: 'POSIX named semaphore',
  family: 'semaphore',
  source: 'textbook, chapter 10; sem_overview(7)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: 'not applicable',
    holderDies: 'stuck',
    owner: 'nobody',
  },
  calls: 'synchronous',
  prepare: (roundDirectory) => sem.createSemaphore(nameOf(roundDirectory), 1),
  destroy: (roundDirectory) => sem.removeSemaphore(nameOf(roundDirectory)),
  open(site) {
    const { semPost, semTrywait, semWait } = sem;
    const semaphore = sem.openSemaphore(nameOf(site));
    const members = retrying({
      take: () => semWait(semaphore),
      tryToTake: () => semTrywait(semaphore),
      give: () => semPost(semaphore),
      names: { take: 'sem_wait', tryToTake: 'sem_trywait', give: 'sem_post' },
    });
    return {
      ...members,
      close() {
        sem.semClose(semaphore);
      },
    };
  },
};
