/**
 * A lock and a policy joined: what the loop calls to get the lock.
 */
import { sleep } from '../../../strategies/posix/clock.js';
import * as libc from '../../../strategies/posix/libc.js';
import type { AsyncLock, Lock } from '../../../strategies/strategy.js';
import { xorshift32 } from '../../statistics/xorshift32.js';
import type { Policy } from './policy.js';
import { count, privateTallies, TALLIES } from './tallies.js';

/** Gets a lock however long it takes. `failedTries` counts the tries that found it held. */
export interface Waiter<Done> {
  acquire(): Done;
  failedTries(): number;
}

/**
 * Exponential back-off with jitter: how many ns to pause after the failed try `attempt` (from 0) of an acquisition.
 * The ceiling doubles from `fromNs` up to `toNs`; the pause is drawn between half of the ceiling and all of it, so that
 * two that collided do not collide again in step.
 */
function backoff(fromNs: number, toNs: number, seed: number): (attempt: number) => number {
  const random = xorshift32(seed);
  return (attempt) => {
    const ceiling = Math.min(toNs, fromNs * 2 ** Math.min(attempt, 40));
    return Math.ceil(ceiling / 2 + (random() * ceiling) / 2);
  };
}

/**
 * Tells the processor that this is a loop that waits, as C's PAUSE does: it saves power and the turns of the core's other
 * thread. Engines have it from Node 24 on.
 */
const cpuPause: () => void = (Atomics as { readonly pause?: () => void }).pause ?? (() => {});

/** What happens after a failed try, by policy. */
function pauseOf(policy: Policy, seed: number): (attempt: number) => void {
  switch (policy.kind) {
    case 'yield': {
      const { schedYield } = libc;
      return () => {
        schedYield();
      };
    }
    case 'sleep': {
      const { ns } = policy;
      return () => sleep(ns);
    }
    case 'backoff': {
      const length = backoff(policy.fromNs, policy.toNs, seed);
      return (attempt) => sleep(length(attempt));
    }
    default:
      return cpuPause;
  }
}

/** A lock as its readers see it: the shared mode in the place of the exclusive one. Throws if it has none. */
export function asReader(lock: Lock): Lock;
export function asReader(lock: AsyncLock): AsyncLock;
export function asReader(lock: Lock | AsyncLock): Lock | AsyncLock {
  const { lockShared, tryLockShared, ...rest } = lock;
  if (lockShared === undefined || tryLockShared === undefined)
    throw new Error('this lock has no shared mode');
  return { ...rest, lock: lockShared, tryLock: tryLockShared } as Lock | AsyncLock;
}

/** Joins a lock and a policy that it can follow. `seed` makes the jitter of workers differ. */
export function waiter(
  lock: Lock,
  policy: Policy,
  seed: number,
  tallies: Float64Array = privateTallies(),
): Waiter<void> {
  const { beginAcquire, lock: block, tryLock } = lock;
  if (policy.kind === 'block') {
    if (block === undefined) throw new Error('this lock cannot make its caller wait');
    const acquire =
      beginAcquire === undefined
        ? block
        : () => {
            beginAcquire();
            block();
          };
    return { acquire, failedTries: () => 0 };
  }
  if (tryLock === undefined) throw new Error('this lock cannot be tried');
  const pause = pauseOf(policy, seed);
  const poll = () => {
    for (let attempt = 0; !tryLock(); attempt++) {
      count(tallies, TALLIES.failedTries);
      pause(attempt);
    }
  };
  return {
    acquire:
      beginAcquire === undefined
        ? poll
        : () => {
            beginAcquire();
            poll();
          },
    failedTries: () => tallies[TALLIES.failedTries] ?? 0,
  };
}

/**
 * The same for locks that return promises. Sleeping blocks the whole process here too: nothing else runs in a worker,
 * and a timer of the event loop cannot sleep for less than a millisecond.
 */
export function asyncWaiter(
  lock: AsyncLock,
  policy: Policy,
  seed: number,
  tallies: Float64Array = privateTallies(),
): Waiter<Promise<void>> {
  const { beginAcquire, lock: block, tryLock } = lock;
  if (policy.kind === 'block') {
    if (block === undefined) throw new Error('this lock cannot make its caller wait');
    return {
      async acquire() {
        await beginAcquire?.();
        await block();
      },
      failedTries: () => 0,
    };
  }
  if (tryLock === undefined) throw new Error('this lock cannot be tried');
  const pause = pauseOf(policy, seed);
  return {
    async acquire() {
      await beginAcquire?.();
      for (let attempt = 0; !(await tryLock()); attempt++) {
        count(tallies, TALLIES.failedTries);
        pause(attempt);
      }
    },
    failedTries: () => tallies[TALLIES.failedTries] ?? 0,
  };
}
