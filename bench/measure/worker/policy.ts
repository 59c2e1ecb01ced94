/**
 * Waiting policies: what to do between the tries for a lock that is held. A policy has a name, which is half of a
 * cell's name: `excl/spin`, `fcntl/block`.
 */
import type { AsyncLock, Lock } from '../../../strategies/strategy.js';
import { formatDuration, parseDuration } from '../../base/duration.js';
import { UsageError } from '../../base/usage-error.js';

export type Policy =
  | { readonly kind: 'block' }
  | { readonly kind: 'spin' }
  | { readonly kind: 'yield' }
  | { readonly kind: 'sleep'; readonly ns: number }
  | { readonly kind: 'backoff'; readonly fromNs: number; readonly toNs: number };

const FORMS = 'block, spin, yield, sleep:DURATION, backoff:DURATION-DURATION';
const DEFAULT_BACKOFF = { kind: 'backoff', fromNs: 1_000, toNs: 1_000_000 } as const;

/** Reads a policy from its name; `backoff` alone has bounds of 1us and 1ms. Throws UsageError. */
export function parsePolicy(name: string): Policy {
  const [kind, rest, ...more] = name.split(':');
  if (more.length === 0) {
    if (rest === undefined && (kind === 'block' || kind === 'spin' || kind === 'yield')) return { kind };
    if (rest === undefined && kind === 'backoff') return DEFAULT_BACKOFF;
    if (rest !== undefined && kind === 'sleep') return { kind, ns: parseDuration(rest, `policy ${name}`) };
    const [from, to, ...extra] = rest?.split('-') ?? [];
    if (kind === 'backoff' && from !== undefined && to !== undefined && extra.length === 0) {
      const [fromNs, toNs] = [parseDuration(from, `policy ${name}`), parseDuration(to, `policy ${name}`)];
      if (fromNs > 0 && fromNs <= toNs) return { kind, fromNs, toNs };
    }
  }
  throw new UsageError(
    `--wait: one of ${FORMS} was expected, got "${name}"`,
    'for example --wait block,sleep:1ms,backoff:1us-1ms',
  );
}

/** The name from which `parsePolicy` reads the policy again. */
export function policyName(policy: Policy): string {
  switch (policy.kind) {
    case 'sleep':
      return `sleep:${formatDuration(policy.ns)}`;
    case 'backoff':
      return `backoff:${formatDuration(policy.fromNs)}-${formatDuration(policy.toNs)}`;
    default:
      return policy.kind;
  }
}

/** What a lock offers: to make its caller wait, to be tried, and both for readers too. */
export interface Members {
  readonly lock: boolean;
  readonly tryLock: boolean;
  readonly shared: boolean;
  /** It serves in the order of arrival. */
  readonly fifo: boolean;
}

export const membersOf = (lock: Lock | AsyncLock): Members => ({
  lock: lock.lock !== undefined,
  tryLock: lock.tryLock !== undefined,
  shared: lock.lockShared !== undefined && lock.tryLockShared !== undefined,
  fifo: lock.fifo ?? false,
});

export const canWait = (policy: Policy, members: Members): boolean =>
  policy.kind === 'block' ? members.lock : members.tryLock;

/**
 * `polling`: for a lock that can only be tried. Left out, such a lock is spun on, unless it serves in order: who spins may
 * keep from running the one whose turn it is, and all stand still until time slices end.
 */
export const defaultPolicy = (
  members: Members,
  polling: Policy = { kind: members.fifo ? 'yield' : 'spin' },
): Policy => (members.lock ? { kind: 'block' } : polling);

/** What a lock offers, in words. */
export const offers = ({ lock, tryLock, shared, fifo }: Members): string =>
  (lock && tryLock ? 'blocks and can be tried' : lock ? 'only blocks' : 'can only be tried') +
  (shared ? ', has a shared mode' : '') +
  (fifo ? ', serves in order' : '');
