/**
 * From what came out of a round to what is kept of it.
 */
import type { RoundRecord } from '../result/rounds-schema.js';
import { describeContention } from '../verdict/contention.js';
import { type ExclusionFinding, gatherExclusion } from '../verdict/exclusion.js';
import { exclusionOf, handoffsOf } from '../verdict/overlaps.js';
import { type Acquisition, acquireLatency, handoffLatency, ownerLog } from '../verdict/owner-log.js';
import { judgeSequence } from '../verdict/sequence.js';
import { tenuresOf } from '../verdict/tenures.js';
import type { RoundKind } from '../worker/job.js';
import type { RoundFigures } from './round.js';

/**
 * Who was inside beside another: as the owner word told, or where one of the workers has none, by when each was inside, so
 * that all are judged by the same.
 */
function exclusionIn(
  { workers, roles, stamps }: RoundFigures,
  handoffs: number,
  log: () => readonly Acquisition[],
): ExclusionFinding {
  const found = workers.map(({ exclusion }) => exclusion);
  // One that stamps nothing was inside at no time, and would be said to have met nobody.
  if (found.includes('intervals') && workers.some(({ turns }, i) => turns > 0 && stamps[i]?.[1] === 0n))
    throw new Error('a worker stamped nothing, though another has no owner word');
  return found.includes('intervals')
    ? exclusionOf(log(), roles)
    : gatherExclusion(
        found.map((one) => (one === 'intervals' ? null : one)),
        handoffs,
      );
}

/** `block` and `order`: where in the run the round stood. */
export function record(kind: RoundKind, figures: RoundFigures, block: number, order: number): RoundRecord {
  const { ledgers, workers, wallNs, roles, gateNs, rpcs } = figures;
  const isTaker = (_: unknown, worker: number): boolean => roles[worker] !== 'reader';
  const taken = ledgers.filter(isTaker);
  const { sequence, lost, final, expected } = judgeSequence(taken, figures.final);
  const common = {
    block,
    order,
    wallNs,
    turns: ledgers.reduce((sum, { length }) => sum + length, 0),
    final,
    expected,
    lost,
    changedReads: workers.reduce((sum, { changedReads }) => sum + changedReads, 0),
    sequence,
    ...(rpcs === null ? {} : { rpcs }),
    workers: workers.map(({ exclusion: _, ...rest }, i) => ({ role: roles[i] ?? 'locker', ...rest })),
  };
  const logged = (): Acquisition[] => ownerLog(figures.stamps, ledgers, gateNs);
  switch (kind) {
    case 'timing': {
      const endNs = workers.map((worker) => worker.endNs).filter(isTaker);
      const contention = sequence === 'intact' ? describeContention(taken, endNs) : null;
      return { kind, ...common, contention };
    }
    case 'prove':
      return { kind, ...common, exclusion: exclusionIn(figures, figures.handoffs, logged) };
    case 'trace': {
      const log = logged();
      const tenures = tenuresOf(log);
      return {
        kind,
        ...common,
        exclusion: exclusionIn(figures, handoffsOf(log, roles), () => log),
        acquireNs: acquireLatency(log),
        handoffNs: handoffLatency(log),
        ...(tenures === null ? {} : { tenures }),
      };
    }
  }
}
