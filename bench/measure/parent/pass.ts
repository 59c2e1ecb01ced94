/**
 * A pass: one round of one kind for each of some cells, in a given order. The processes of several rounds start and warm
 * up side by side (a batch); then their rounds run one by one.
 */

import { messageOf } from '../../base/error-message.js';
import { placement } from '../../machine/topology.js';
import type { RoundKind } from '../worker/job.js';
import type { CellProgress } from './cell-progress.js';
import { NoAnswer } from './patience.js';
import type { PlannedCell } from './plan.js';
import type { RunRequest } from './request.js';
import { Round, type RoundFigures } from './round.js';
import { record } from './round-record.js';
import type { RoundSpec } from './round-spec.js';

/** At most this many processes are started and warmed up side by side before their rounds run. */
const BATCH = 8;
/** A proof that has not come to its hand-offs by then says how many there were; who asks for more gives it more time. */
const MOST_PROOF_NS = 2e9;
const MOST_PROOF_NS_PER_HANDOFF = 1e6;
/** Between clients of NFS a lock changes hands by several requests to the server, on emulated processors above all. */
const MOST_PROOF_NS_PER_NFS_HANDOFF = 250e6;
/** The budget of a sketch, such as the default run, is for its many timing rounds, and too short for one proof. */
const LEAST_PROOF_NS = 500e6;

/** Cuts a pass into batches: several rounds whose processes together are few, or one round. */
function* batches(cells: readonly CellProgress[]): Generator<CellProgress[]> {
  let batch: CellProgress[] = [];
  let processes = 0;
  for (const progress of cells) {
    const more = progress.cell.conditions.processes;
    if (batch.length > 0 && processes + more > BATCH) {
      yield batch;
      batch = [];
      processes = 0;
    }
    batch.push(progress);
    processes += more;
  }
  if (batch.length > 0) yield batch;
}

function proofNs({ conditions: { nfs } }: PlannedCell, { limits, sampling }: RunRequest): number {
  const { budgetNs } = limits;
  const { handoffs } = sampling;
  if (nfs !== undefined) return Math.max(budgetNs, handoffs * MOST_PROOF_NS_PER_NFS_HANDOFF);
  const most = Math.max(MOST_PROOF_NS, handoffs * MOST_PROOF_NS_PER_HANDOFF);
  return Math.min(Math.max(budgetNs, LEAST_PROOF_NS), most);
}

function specOf(kind: RoundKind, cell: PlannedCell, request: RunRequest): RoundSpec {
  const { strategy, conditions, policy, hosts, foreign } = cell;
  const { limits, memory, identity, sampling, topology, isCounted = false } = request;
  return {
    kind,
    strategy,
    policy,
    ...(foreign && { foreign }),
    conditions,
    hosts,
    memory,
    processors: conditions.pin === null ? null : placement(conditions.pin, conditions.processes, topology),
    enoughHandoffs: sampling.handoffs,
    limits: kind === 'prove' ? { ...limits, budgetNs: proofNs(cell, request) } : limits,
    identity,
    isCounted,
  };
}

/** A batch's rounds, started; a cell whose round cannot be started has failed. */
async function launch(
  kind: RoundKind,
  batch: readonly CellProgress[],
  request: RunRequest,
): Promise<{ progress: CellProgress; round: Round }[]> {
  const launched: { progress: CellProgress; round: Round }[] = [];
  for (const progress of batch) {
    try {
      launched.push({ progress, round: await Round.launch(specOf(kind, progress.cell, request)) });
    } catch (error) {
      // Nothing can be started any more: that says nothing of the cell.
      if (request.signal.aborted) break;
      const state = error instanceof NoAnswer ? 'timed-out' : 'errored';
      progress.failure = { state, reason: messageOf(error) };
    }
  }
  return launched;
}

export interface PassEvents {
  /** A round is about to run. */
  onRound(cell: PlannedCell, kind: RoundKind): void;
  /** What came out of it, before most of it is forgotten. */
  onFigures(cell: PlannedCell, kind: RoundKind, figures: RoundFigures): void;
  /** The rounds of a batch are over, and its processes are gone. */
  afterBatch?(): void;
}

/** Runs the pass; cells that have failed are left out. Ends early, and in order, when the request's signal is aborted. */
export async function runPass(
  kind: RoundKind,
  block: number,
  cells: readonly CellProgress[],
  request: RunRequest,
  events: PassEvents,
): Promise<void> {
  const { signal } = request;
  for (const batch of batches(cells)) {
    if (signal.aborted) return;
    const launched = await launch(
      kind,
      batch.filter(({ failure }) => failure === null),
      request,
    );
    try {
      await Promise.all(launched.map(({ round }) => round.settled()));
      for (const { progress, round } of launched) {
        if (signal.aborted) return;
        events.onRound(progress.cell, kind);
        const outcome = await round.run();
        if (signal.aborted) return;
        if (outcome.state === 'measured') {
          events.onFigures(progress.cell, kind, outcome.figures);
          progress.rounds.push(record(kind, outcome.figures, block, cells.indexOf(progress)));
        } else {
          progress.failure = outcome;
        }
      }
    } finally {
      await Promise.all(launched.map(({ round }) => round.end()));
    }
    if (signal.aborted) return;
    events.afterBatch?.();
  }
}
