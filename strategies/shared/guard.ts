/**
 * The guard of a lock that is a name: a flock on a file beside it, held for the few calls in which a name is looked at
 * and then replaced, so that nobody else replaces it in between. The kernel gives the guard back when a process dies in
 * the midst of that; a second lock file in its place would be stuck.
 */
import { constants } from 'node:fs';
import { check, EAGAIN, EINTR, fail, SystemError } from '../posix/errno.js';
import * as fileLock from '../posix/file-lock.js';
import type { Address } from '../posix/libc.js';
import * as libc from '../posix/libc.js';
import type { Availability, LockSite } from '../strategy.js';

export interface Guard {
  readonly path: string;
  readonly name: Address;
  /** What `action` returns; false, without it, if another is inside. Throws SystemError, and what `action` throws. */
  tryInside(action: () => boolean): boolean;
  /** Waits until nobody else is inside. Throws SystemError, and what `action` throws. */
  inside(action: () => void): void;
  close(): void;
}

// Not among Node's constants: a child that inherited the descriptor would inherit the guard.
const O_CLOEXEC = 0o2000000;
const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | O_CLOEXEC;

/** Opens the guard of a site, which is made if it is not there; never where a link in its place leads. Throws SystemError. */
export function openGuard(site: LockSite): Guard {
  const { close, cPath, errno, flock, open } = libc;
  const { LOCK_EX, LOCK_NB, LOCK_UN } = fileLock;
  const path = site.path('guard');
  const name = cPath(path);
  const fd = check(open(name, FLAGS, 0o644), 'open', path);
  const leave = (): void => {
    while (flock(fd, LOCK_UN) === -1) if (errno() !== EINTR) fail('flock(LOCK_UN)', path);
  };
  return {
    path,
    name,
    tryInside(action) {
      while (flock(fd, LOCK_EX | LOCK_NB) === -1) {
        const why = errno();
        if (why === EAGAIN) return false;
        if (why !== EINTR) fail('flock(LOCK_NB)', path);
      }
      try {
        return action();
      } finally {
        leave();
      }
    },
    inside(action) {
      while (flock(fd, LOCK_EX) === -1) if (errno() !== EINTR) fail('flock', path);
      try {
        action();
      } finally {
        leave();
      }
    },
    close() {
      close(fd);
    },
  };
}

/**
 * Whether a guard works here. It is needed only when a holder has died: where flock is refused, all goes well until then, and
 * the lock is stuck for ever.
 */
export function probeGuard(site: LockSite): Availability {
  let guard: Guard | null = null;
  try {
    guard = openGuard(site);
    guard.inside(() => {});
    return { available: true };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const reason = `it takes over from the dead under a guard, which needs flock, and that was refused: ${error.message}`;
    return { available: false, reason };
  } finally {
    guard?.close();
  }
}
