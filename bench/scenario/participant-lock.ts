/**
 * A lock as a participant handles it: opened, joined to a waiting policy in both modes, synchronous or not.
 */
import type { AsyncLock, Lock, LockSite, Recovery, Strategy } from '../../strategies/strategy.js';
import { type Members, membersOf, type Policy } from '../measure/worker/policy.js';
import { asReader, asyncWaiter, waiter } from '../measure/worker/waiting.js';

/**
 * How a lock that cannot block is waited for where the time line matters and not the speed: three waiters that spin
 * would leave a machine of two processors no room for the holder.
 */
const POLLING: Policy = { kind: 'sleep', ns: 100_000 };

export const scenarioPolicy = (members: Members): Policy => (members.lock ? { kind: 'block' } : POLLING);

export interface ParticipantLock {
  readonly members: Members;
  /** By the policy. Throws if the lock cannot follow it, or has no such mode. */
  acquire(shared: boolean): void | Promise<void>;
  /** One try, after which, if it failed, only `close` gives up what it began. False too for a lock that cannot be tried. */
  try(): Promise<boolean>;
  unlock(): void | Promise<void>;
  recovery(): Recovery | null;
  /** Begins its lease anew; nothing for a lock that has none, or that renews it by itself. */
  renew(): void | Promise<void>;
  close(): void;
}

/** Opens a strategy's lock at a site. Throws what opening throws. */
export function openParticipantLock(strategy: Strategy, site: LockSite, policy: Policy): ParticipantLock {
  const seed = site.workerIndex;
  if (strategy.calls === 'synchronous') {
    const lock = strategy.open(site);
    return handled(lock, (shared) => waiter(shared ? asReader(lock) : lock, policy, seed).acquire());
  }
  const lock = strategy.open(site);
  return handled(lock, (shared) => asyncWaiter(shared ? asReader(lock) : lock, policy, seed).acquire());
}

function handled(lock: Lock | AsyncLock, acquire: ParticipantLock['acquire']): ParticipantLock {
  return {
    members: membersOf(lock),
    acquire,
    async try() {
      await lock.beginAcquire?.();
      return (await lock.tryLock?.()) ?? false;
    },
    unlock: () => lock.unlock(),
    recovery: () => lock.recovery?.() ?? null,
    renew: () => lock.renew?.(),
    close: () => lock.close(),
  };
}
