/**
 * One try to take the lock of a way, beside a pid file.
 *
 * A lock that lies under a name of its own goes with its last holder, or each pid file would leave one behind for ever. Who
 * removes such a name by the way lets two in: one who opened it before, and locks what has no name any more, and one who makes
 * it anew. So it is removed by the one who holds the lock, as long as it is held; and a lock counts only if its name leads, when it
 * has been taken, to what it led to before it was opened.
 */
import { closeSync, constants, openSync } from 'node:fs';
import { O_CLOEXEC, O_PATH } from '../../strategies/posix/at.js';
import { identityOf } from '../../strategies/posix/stat.js';
import type { Lock, LockSite, SyncStrategy } from '../../strategies/strategy.js';
import { UsageError } from '../base/usage-error.js';
import type { Way } from './ways.js';

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

/** What has a name now, a link itself included; null for nothing. */
function standingAt(path: string): string | null {
  let fd: number;
  try {
    fd = openSync(path, O_PATH | constants.O_NOFOLLOW | O_CLOEXEC);
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return identityOf(fd);
  } finally {
    closeSync(fd);
  }
}

/** `open`ed what was removed meanwhile. */
const GONE = 'gone';

function tryOnce(strategy: SyncStrategy, site: LockSite, way: Way): Lock | null | typeof GONE {
  const name = way.lockName?.(site) ?? null;
  let before: string | null = null;
  const isGone = (): boolean => name !== null && (before === null || standingAt(name) !== before);
  let lock: Lock | null = null;
  try {
    try {
      strategy.prepare?.(site);
    } catch (error) {
      if (!isSystemError(error) || error.code !== 'EEXIST') throw error;
    }
    if (name !== null) before = standingAt(name);
    lock = strategy.open(site);
    if (lock.tryLock === undefined)
      throw new Error('its lock can only be waited for, and a start tries once');
    lock.beginAcquire?.();
    const got = lock.tryLock();
    if (isGone()) {
      if (got) lock.unlock();
      lock.close();
      return GONE;
    }
    if (got) return name === null ? lock : removing(lock, strategy, site, () => !isGone());
  } catch (error) {
    lock?.close();
    if (!(error instanceof Error)) throw error;
    if (isSystemError(error) && error.code === 'ENOENT' && isGone()) return GONE;
    // Refused by the system, or by the strategy, such as memory of that name which is another user's.
    throw new UsageError(
      // The directory by its descriptor means nothing to people.
      `--by ${strategy.name}: it needs ${way.needs}, and was refused: ${error.message.replaceAll(`${site.dir}/`, '')}`,
      'name another way',
    );
  }
  lock.close();
  return null;
}

/** The lock, whose name goes before it is unlocked; one that stands there instead is another's. */
function removing(lock: Lock, strategy: SyncStrategy, site: LockSite, isOurs: () => boolean): Lock {
  return {
    ...lock,
    unlock() {
      try {
        if (isOurs()) strategy.destroy?.(site);
      } finally {
        lock.unlock();
      }
    },
  };
}

/** A name that goes each time just after it was seen is removed by somebody on purpose. */
const TRIES = 100;

/** One try; null if another has the lock. What a strategy prepares, the first of all starts makes. Throws UsageError. */
export function takeLock(strategy: SyncStrategy, site: LockSite, way: Way): Lock | null {
  const probed = strategy.probe?.(site) ?? { available: true };
  if (!probed.available) {
    throw new UsageError(
      `--by ${strategy.name}: ${probed.reason.replaceAll(`${site.dir}/`, '')}`,
      'name another way',
    );
  }
  for (let left = TRIES; left > 0; left--) {
    const taken = tryOnce(strategy, site, way);
    if (taken !== GONE) return taken;
  }
  throw new UsageError(
    `--by ${strategy.name}: a lock that stays was expected, it was removed ${TRIES} times before it was taken`,
    'another program removes it: name another way',
  );
}
