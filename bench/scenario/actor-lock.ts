/**
 * A lock as an actor handles it: opened, joined to a waiting policy in both modes, synchronous or not.
 */
import type { AsyncLock, Inheritance, Lock, Site, Strategy } from '../../strategies/strategy.js';
import type { Members, Policy } from '../run/policy.js';
import { asyncWaiter, waiter } from '../run/waiting.js';

/**
 * How a lock that cannot block is waited for where the time line matters and not the speed: three waiters that spin
 * would leave a machine of two processors no room for the holder.
 */
const POLLING: Policy = { kind: 'sleep', ns: 100_000 };

export const scenarioPolicy = (members: Members): Policy => (members.lock ? { kind: 'block' } : POLLING);

/** What a lock offers. `shared`: whether it has a shared mode. */
export interface ActorMembers extends Members {
  readonly shared: boolean;
}

export interface ActorLock {
  readonly members: ActorMembers;
  /** By the policy. Throws if the lock cannot follow it, or has no such mode. */
  acquire(shared: boolean): void | Promise<void>;
  /** One try; a try that failed is given up. False too for a lock that cannot be tried. */
  try(): Promise<boolean>;
  unlock(): void | Promise<void>;
  inherited(): Inheritance | null;
  close(): void;
}

/** The lock with its shared mode in the place of the exclusive one, so that the same waiter serves both. */
function inSharedMode<Done, Answer, Of extends { lockShared?: () => Done; tryLockShared?: () => Answer }>(
  lock: Of,
): Of & { lock(): Done; tryLock(): Answer } {
  const { lockShared, tryLockShared } = lock;
  if (lockShared === undefined || tryLockShared === undefined)
    throw new Error('this lock has no shared mode');
  return { ...lock, lock: lockShared, tryLock: tryLockShared };
}

/** Opens a strategy's lock at a site. Throws what opening throws. */
export function openActorLock(strategy: Strategy, site: Site, policy: Policy): ActorLock {
  const seed = site.workerIndex;
  if (strategy.calls === 'synchronous') {
    const lock = strategy.open(site);
    return handled(lock, (shared) => waiter(shared ? inSharedMode(lock) : lock, policy, seed).acquire());
  }
  const lock = strategy.open(site);
  return handled(lock, (shared) => asyncWaiter(shared ? inSharedMode(lock) : lock, policy, seed).acquire());
}

function handled(lock: Lock | AsyncLock, acquire: ActorLock['acquire']): ActorLock {
  return {
    members: {
      lock: lock.lock !== undefined,
      tryLock: lock.tryLock !== undefined,
      shared: lock.lockShared !== undefined,
    },
    acquire,
    async try() {
      await lock.arrive?.();
      const got = (await lock.tryLock?.()) ?? false;
      // `close` gives up what `arrive` made.
      if (!got) lock.close();
      return got;
    },
    unlock: () => lock.unlock(),
    inherited: () => lock.inherited?.() ?? null,
    close: () => lock.close(),
  };
}
