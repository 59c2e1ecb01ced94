/**
 * From what came out of a round to what is kept of it.
 */
import type { RoundRecord } from '../result/rounds-schema.js';
import { describeContention } from '../verdict/contention.js';
import { gatherExclusion } from '../verdict/exclusion.js';
import { acquireLatency, handoffLatency, ownerLog } from '../verdict/owner-log.js';
import { judgeSequence } from '../verdict/sequence.js';
import type { RoundKind } from '../worker/job.js';
import type { RoundFigures } from './round.js';

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
  const found = workers.map(({ exclusion }) => exclusion);
  switch (kind) {
    case 'timing': {
      const endNs = workers.map((worker) => worker.endNs).filter(isTaker);
      const contention = sequence === 'intact' ? describeContention(taken, endNs) : null;
      return { kind, ...common, contention };
    }
    case 'prove':
      return { kind, ...common, exclusion: gatherExclusion(found, figures.handoffs) };
    case 'trace': {
      const log = ownerLog(figures.stamps, ledgers, gateNs);
      const owners = log.map(({ worker }) => (roles[worker] === 'reader' ? 'a reader' : worker));
      const handoffs = owners.filter((owner, i) => i > 0 && owners[i - 1] !== owner).length;
      return {
        kind,
        ...common,
        exclusion: gatherExclusion(found, handoffs),
        acquireNs: acquireLatency(log),
        handoffNs: handoffLatency(log),
      };
    }
  }
}
