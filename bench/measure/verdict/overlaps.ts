/**
 * Were two inside at once? Told from when each acquisition began and ended, for workers that have no instructions to share
 * an owner word by. A worker stamps after it got the lock and before it gives it back, by a clock that all processes of a
 * host share: two intervals that overlap are two inside, and a lock that excludes never lets them.
 */
import type { Role } from '../worker/job.js';
import type { ExclusionFinding, FirstViolation } from './exclusion.js';
import type { Acquisition } from './owner-log.js';

/** The one inside that leaves last. */
interface Inside {
  readonly worker: number;
  readonly untilNs: number;
}

const later = (inside: Inside | null, { worker, releasedNs }: Acquisition): Inside =>
  inside === null || releasedNs > inside.untilNs ? { worker, untilNs: releasedNs } : inside;

/** How often the one who came in was not the one who had come in before, all readers being one. */
export function handoffsOf(log: readonly Acquisition[], roles: readonly Role[]): number {
  const owners = log.map(({ worker }) => (roles[worker] === 'reader' ? 'a reader' : worker));
  return owners.filter((owner, i) => i > 0 && owners[i - 1] !== owner).length;
}

/** `log`: ascending by the time of acquisition. An entry that found somebody inside is one violation. */
export function exclusionOf(log: readonly Acquisition[], roles: readonly Role[]): ExclusionFinding {
  let [writer, reader]: (Inside | null)[] = [null, null];
  let violations = 0;
  let first: FirstViolation | null = null;
  const turns = new Map<number, number>();
  for (const entry of log) {
    const { worker, acquiredNs } = entry;
    const isReader = roles[worker] === 'reader';
    const turn = turns.get(worker) ?? 0;
    turns.set(worker, turn + 1);
    const besideWriter = writer != null && acquiredNs < writer.untilNs;
    const besideReader = !isReader && reader != null && acquiredNs < reader.untilNs;
    if (besideWriter || besideReader) {
      violations++;
      first ??= { worker, beside: besideWriter ? (writer?.worker ?? null) : null, atNs: acquiredNs, turn };
    }
    if (isReader) reader = later(reader ?? null, entry);
    else writer = later(writer ?? null, entry);
  }
  return { violations, handoffs: handoffsOf(log, roles), first };
}
