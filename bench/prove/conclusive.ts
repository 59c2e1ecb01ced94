/**
 * Attempts that may tell nothing: a lease runs by a clock that nobody can set, and on a busy machine it may run out in the
 * midst of a question that was about something else.
 */
import { setTimeout as delay } from 'node:timers/promises';

/** Long enough for every machine; what is waited for takes a small part of it. */
export const LIMIT_NS = 120e9;

/** Repeats an attempt until it tells something. Throws an Error after `limitNs`. */
export async function conclusive<T>(
  attempt: () => Promise<T | 'inconclusive'>,
  limitNs: number = LIMIT_NS,
): Promise<T> {
  const end = performance.now() + limitNs / 1e6;
  for (;;) {
    const came = await attempt();
    if (came !== 'inconclusive') return came;
    if (performance.now() > end) throw new Error(`nothing conclusive in ${limitNs / 1e9} s`);
    await delay(0);
  }
}
