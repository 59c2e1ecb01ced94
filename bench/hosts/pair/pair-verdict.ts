/**
 * What two hosts found out about a lock, in a word; and whether what they found can be relied on.
 */
import { areOneHost } from './hello.js';
import type { PairLock, PairResult, TriedLock } from './pair-schema.js';

/**
 * excludes: refused while the other one held it, had when it was free, and never two inside. stale: the same, and still updates
 * were lost, to a cache that showed an old number. never freed: it was refused for ever, which tells nothing.
 */
export type PairVerdict = 'excludes' | 'stale' | 'not exclusive' | 'never freed' | 'not tried';

const anyInside = ({ contended }: TriedLock): boolean => contended.twoInside.some((times) => times > 0);

export function verdictOf(lock: PairLock): PairVerdict {
  if (lock.state === 'not-tried') return 'not tried';
  if (lock.held.some(({ got }) => got) || anyInside(lock)) return 'not exclusive';
  if (lock.held.some(({ freed }) => !freed)) return 'never freed';
  return lock.contended.sequence === 'lost-updates' ? 'stale' : 'excludes';
}

/** Whether what is not a lock was seen to be none, from both sides: else the check itself does not work here. */
export const controlWorks = ({ control }: Pick<PairResult, 'control'>): boolean =>
  control?.state === 'tried' && control.held.every(({ got, caught }) => got && caught);

export const broke = (lock: PairLock): boolean =>
  lock.state === 'tried' && lock.claim && verdictOf(lock) === 'not exclusive';

/** Why the verdicts are not to be relied on; null if they are. A sentence without its full stop. */
export function inconclusive(result: PairResult): string | null {
  const { hosts, cutShort, locks } = result;
  if (cutShort !== null) return cutShort;
  const [one, two] = hosts;
  if (one !== undefined && two !== undefined && areOneHost(one, two)) {
    return 'both came through the same mount of the same kernel, which tells nothing about two hosts; start one of them on another host';
  }
  if (!controlWorks(result)) return 'the control passed: without a lock, the other host was not seen inside';
  const untold = locks.find((lock) => ['never freed', 'not tried'].includes(verdictOf(lock)));
  if (untold === undefined) return null;
  return untold.state === 'not-tried'
    ? `${untold.strategy} could not be tried: ${untold.reason}`
    : `${untold.strategy} was refused even when nobody held it`;
}
