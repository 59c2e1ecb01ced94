/**
 * A run: every cell once a block, in an order shuffled by the seed, block after block; before the first block, each cell
 * that has company is proven once, and each is traced once. What finished is kept whatever happens to the rest.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { now } from '../../../strategies/posix/clock.js';
import { shuffled, xorshift32 } from '../../statistics/xorshift32.js';
import { needsProof } from '../result/result.js';
import { isNarrow } from '../verdict/ranking.js';
import type { RoundKind } from '../worker/job.js';
import type { CellProgress } from './cell-progress.js';
import { expectedRounds } from './expected-rounds.js';
import { runPass } from './pass.js';
import type { PlannedCell } from './plan.js';
import type { RunRequest } from './request.js';
import type { RoundFigures } from './round.js';
import { summarise } from './summarise.js';

export interface RunEvents {
  /** A round is about to run; `done` of `total` are over, as far as is known. */
  onRound(cell: PlannedCell, kind: RoundKind, done: number, total: number): void;
  onFigures(cell: PlannedCell, kind: RoundKind, figures: RoundFigures): void;
  /** Proofs and traces are over; the first block begins. */
  beforeBlocks(): void;
  /** Some more cells have their first round, in a block that may last long. */
  duringFirstBlock?(cells: readonly CellProgress[]): void;
  /** A block is over, or was ended early. */
  onBlock(cells: readonly CellProgress[]): void;
}

/** Blocks that a run may come to when it is never enough. */
const MOST_BLOCKS = 1000;

/** How many of the cells will have a round: what has failed is left out from then on. */
const alive = (cells: readonly CellProgress[]): number =>
  cells.filter(({ failure }) => failure === null).length;

/** Waits, until it is over or the user wants to stop. */
async function rest(ns: number, signal: AbortSignal): Promise<void> {
  if (ns === 0 || signal.aborted) return;
  await sleep(ns / 1e6, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** Runs the cells; returns them with their rounds. Ends early, and in order, when `signal` is aborted. */
export async function runCells(
  cells: readonly PlannedCell[],
  request: RunRequest,
  events: RunEvents,
): Promise<CellProgress[]> {
  const all: CellProgress[] = cells.map((cell) => ({ cell, rounds: [], failure: null }));
  const runnable = all.filter(({ cell }) => cell.unavailable === null);
  const contended = runnable.filter(({ cell }) => needsProof(cell.conditions));
  const { signal, sampling, limits } = request;
  const { blocks, untilShare } = sampling;
  const random = xorshift32(sampling.seed);
  const proven = sampling.handoffs > 0 ? contended : [];
  const traced = sampling.trace ? runnable : [];
  const started = now();
  // The passes that have not begun. The first block runs whatever the limit.
  const later = [
    ...Array.from({ length: sampling.proofs }, () => ({ order: proven, limited: false })),
    { order: traced, limited: false },
    ...Array.from({ length: blocks }, (_, block) => ({ order: runnable, limited: block > 0 })),
  ];
  let done = 0;
  let roundNs: number | null = null;
  const pass = async (kind: RoundKind, block: number, order: readonly CellProgress[]): Promise<void> => {
    later.shift();
    let left = alive(order);
    await runPass(kind, block, shuffled(order, random), request, {
      onRound(cell) {
        const total = expectedRounds({
          ...{ done, left, roundNs, maxTimeNs: limits.maxTimeNs },
          elapsedNs: Number(now() - started),
          later: later.map(({ order, limited }) => ({ rounds: alive(order), limited })),
        });
        events.onRound(cell, kind, done, total);
        done++;
        left--;
      },
      onFigures: events.onFigures,
      afterBatch() {
        if (kind === 'timing' && block === 0) events.duringFirstBlock?.(all);
      },
    });
  };

  for (let i = 0; i < sampling.proofs && !signal.aborted; i++) await pass('prove', i, proven);
  await pass('trace', 0, traced);
  if (!signal.aborted) events.beforeBlocks();
  for (let block = 0; block < MOST_BLOCKS && !signal.aborted; block++) {
    if (block >= blocks) {
      if (untilShare === null || isNarrow(summarise(all), untilShare)) break;
      later.push({ order: runnable, limited: true });
    }
    const begun = now();
    await rest(sampling.restNs ?? 0, signal);
    const doneBefore = done;
    await pass('timing', block, runnable);
    events.onBlock(all);
    const ended = now();
    if (done > doneBefore) roundNs = Number(ended - begun) / (done - doneBefore);
    // More blocks of nothing would tell nothing.
    if (runnable.every(({ failure }) => failure !== null)) break;
    const nextEndsNs = Number(ended - started) + Number(ended - begun);
    if (limits.maxTimeNs !== null && nextEndsNs > limits.maxTimeNs) break;
  }
  return all;
}
