/**
 * What a round is told, and what each of its workers is told then.
 */

import { processName } from '../../../strategies/index.js';
import { strategy as noLock } from '../../../strategies/none.js';
import type { Strategy } from '../../../strategies/strategy.js';
import type { Identity } from '../../machine/identity.js';
import { type Layout, placeOf } from '../worker/control-block.js';
import { PROTOCOL, type Role, type RoundConditions, type RoundKind, type WorkerJob } from '../worker/job.js';
import type { Policy } from '../worker/policy.js';
import type { ForeignWorker } from './foreign-worker.js';
import type { RoundLimits } from './request.js';

/** What a worker contends by. */
export interface Contender {
  readonly strategy: Strategy;
  readonly policy: Policy;
  /** The program that contends, where it is none of ours. */
  readonly foreign?: ForeignWorker;
}

/** What a round does, and where. */
export interface RoundSpec extends Contender {
  readonly kind: RoundKind;
  /**
   * For a prove round of different locks in one directory: the workers contend by the round's own one and by these, in turn.
   * Each strategy has a token of its own for what it keeps elsewhere. Left out or empty: all contend by the same.
   */
  readonly beside?: readonly Contender[];
  readonly conditions: RoundConditions;
  /**
   * Commands that run another command on a host where the directory is the same one, by its NFS mount perhaps: worker i is
   * started by `hosts[i % hosts.length]`. Left out or empty: on this host.
   */
  readonly hosts?: readonly (readonly string[])[];
  /** Where warm-up places go: memory, if the machine has a directory in memory. */
  readonly memory: string;
  /** The processor of each worker, or null to let the kernel choose. */
  readonly processors: readonly number[] | null;
  /** For a prove round: it ends after this many hand-offs. */
  readonly enoughHandoffs: number;
  readonly limits: RoundLimits;
  readonly identity: Identity | null;
  /** Whether timing rounds count instructions, cycles and cache misses. */
  readonly isCounted?: boolean;
  /** See `WorkerJob`. */
  readonly endless?: boolean;
}

/** No loop on any machine takes a turn in less, memory alone included: so much room a ledger needs at most. */
const LEAST_NS_PER_TURN = 250;
const REHEARSAL_TURNS = 1_000;
/** Alone there is nobody to collide with; some turns on a third lock show that the code fits locks it has not seen. */
const REHEARSAL_TURNS_ALONE = 200;
/** The 99.9th percentile of a worker is its fifth longest wait then. */
const MOST_TRACED_TURNS = 5_000;
/** Half of the turns of a prove round pause for 12 µs on average, inside and outside. */
const LEAST_NS_PER_PROVING_TURN = 5_000;

/** Numbers that a worker's ledger has room for. A timing round has room for whole laps. */
export function capacityOf({
  kind,
  conditions: { increments },
  limits,
}: Pick<RoundSpec, 'kind' | 'conditions' | 'limits'>): number {
  switch (kind) {
    case 'timing':
      return Math.max(1, Math.ceil(limits.atLeastNs / LEAST_NS_PER_TURN / increments)) * increments;
    case 'trace':
      return Math.min(increments, MOST_TRACED_TURNS);
    case 'prove':
      return Math.ceil(limits.budgetNs / LEAST_NS_PER_PROVING_TURN);
  }
}

/** Room for stamps is made too where a worker may have nothing else to be proven by. */
export const layoutOf = (spec: RoundSpec): Layout => ({
  workers: spec.conditions.processes,
  capacity: capacityOf(spec),
  traced:
    spec.kind === 'trace' ||
    (spec.kind === 'prove' && [spec, ...(spec.beside ?? [])].some(({ foreign }) => foreign !== undefined)),
});

/** What worker `workerIndex` contends by. */
export function contenderOf(spec: RoundSpec, workerIndex: number): Contender {
  const { beside = [] } = spec;
  return beside[(workerIndex % (beside.length + 1)) - 1] ?? spec;
}

/** Lockers come first, then readers, then rogues. */
export function roleOf({ processes, readers, rogues }: RoundConditions, workerIndex: number): Role {
  if (workerIndex >= processes - rogues) return 'rogue';
  return workerIndex >= processes - rogues - readers ? 'reader' : 'locker';
}

/** What a worker contends for, by name: a rogue for nothing. */
const lockOf = (role: Role, { strategy, policy }: Contender): Pick<WorkerJob, 'strategy' | 'policy'> =>
  role === 'rogue'
    ? { strategy: noLock.name, policy: { kind: 'block' } }
    : { strategy: processName(strategy), policy };

/** What is not timed need not be compiled, and what is compiled already needs no more than the rehearsal. */
export const warmsUp = ({ kind, foreign }: RoundSpec): boolean =>
  kind !== 'prove' && (foreign === undefined || foreign.warmsUp);

/** Turns of a rehearsal, before what is timed. */
function rehearsalTurns({ kind, conditions }: RoundSpec): number {
  if (kind === 'prove') return 0;
  return conditions.processes > 1 ? REHEARSAL_TURNS : REHEARSAL_TURNS_ALONE;
}

/** What worker `workerIndex` is told. */
export function jobOf(
  spec: RoundSpec,
  workerIndex: number,
  roundDirectories: Pick<WorkerJob, 'warmUp' | 'rehearsal' | 'timed'>,
): WorkerJob {
  const { kind, conditions, limits, enoughHandoffs, processors, identity, endless } = spec;
  const capacity = capacityOf(spec);
  const role = roleOf(conditions, workerIndex);
  return {
    protocol: PROTOCOL,
    task: 'round',
    control: placeOf(layoutOf(spec), workerIndex),
    parentPid: process.pid,
    kind,
    role,
    conditions,
    enoughHandoffs,
    processor: processors?.[workerIndex] ?? null,
    identity,
    ...lockOf(role, contenderOf(spec, workerIndex)),
    workerIndex,
    rehearsalTurns: rehearsalTurns(spec),
    ...roundDirectories,
    // One lap to the ledger's end, unless it is timed.
    lap: kind === 'timing' ? conditions.increments : capacity,
    atLeastNs: kind === 'timing' ? limits.atLeastNs : 0,
    capacity,
    ...(kind === 'timing' && spec.isCounted === true ? { isCounted: true } : {}),
    ...(endless && { endless }),
  };
}
