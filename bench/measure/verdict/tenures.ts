/**
 * The owner log of a trace round in short: who had the lock from when to when. A tenure is what one process had of it before
 * another came in, of one turn or of thousands; this is what a time line draws, and a result keeps the first of them.
 */
import type { Tenures } from '../result/rounds-schema.js';
import type { Acquisition } from './owner-log.js';

/** A result of hundreds of cells stays small, and more of them than this would not be told apart in a picture. */
export const MOST_TENURES = 64;

/**
 * The first tenures from the moment on at which every process had asked for the lock once: before that, those that started
 * first had it for themselves. `log`: ascending by the time of acquisition. Null if one process alone had it.
 */
export function tenuresOf(log: readonly Acquisition[]): Tenures | null {
  const asked = new Map<number, number>();
  for (const { worker, askedNs } of log) if (!asked.has(worker)) asked.set(worker, askedNs);
  if (asked.size < 2) return null;
  const allAskedNs = Math.max(...asked.values());
  const kept: Tenures = { worker: [], turns: [], askedNs: [], fromNs: [], toNs: [] };
  let last = -1;
  for (const { worker, askedNs, acquiredNs, releasedNs } of log) {
    if (releasedNs < allAskedNs) continue;
    if (kept.worker[last] === worker) {
      kept.turns[last] = (kept.turns[last] ?? 0) + 1;
      kept.toNs[last] = releasedNs;
      continue;
    }
    if (kept.worker.length === MOST_TENURES) break;
    last = kept.worker.push(worker) - 1;
    kept.turns.push(1);
    kept.askedNs.push(askedNs);
    kept.fromNs.push(acquiredNs);
    kept.toNs.push(releasedNs);
  }
  return kept.worker.length === 0 ? null : kept;
}
