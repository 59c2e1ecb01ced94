/**
 * A run: every cell once a block, in an order shuffled by the seed, block after block. What finished is kept whatever
 * happens to the rest.
 */

import { loadStrategy } from '../../strategies/index.js';
import { now } from '../../strategies/posix/clock.js';
import type { Identity } from '../environment/identity.js';
import type { RoundRecord } from '../report/result.js';
import { describeContention } from '../verdict/contention.js';
import { judgeSequence } from '../verdict/sequence.js';
import type { PlannedCell } from './plan.js';
import { Round, type RoundFigures, type RoundSpec } from './round.js';
import { shuffled, xorshift32 } from './xorshift32.js';

export interface RunRequest {
  readonly blocks: number;
  readonly seed: number;
  readonly atLeastNs: number;
  readonly budgetNs: number;
  /** No block begins that would probably end later than this after the start; null for no limit. */
  readonly maxTimeNs: number | null;
  readonly timeLimitNs: number;
  readonly memory: string;
  readonly identity: Identity | null;
  /** Aborted when the user wants to stop. */
  readonly signal: AbortSignal;
}

/** A cell and what is known of it so far. */
export interface CellProgress {
  readonly cell: PlannedCell;
  readonly rounds: RoundRecord[];
  failure: { readonly state: 'timed-out' | 'errored'; readonly reason: string } | null;
}

export interface RunEvents {
  /** A round is about to be timed; `done` of `total` are over. */
  onRound?(cell: PlannedCell, done: number, total: number): void;
  /** A block is over, or was ended early. */
  onBlock?(cells: readonly CellProgress[]): void;
}

/** So many processes, at most, are started and warmed up side by side before their rounds are timed. */
const CONVOY = 8;

function record(figures: RoundFigures, block: number, order: number): RoundRecord {
  const { ledgers, workers, wallNs } = figures;
  const { sequence, turns, lost, final, expected } = judgeSequence(ledgers, figures.final);
  const endNs = workers.map((worker) => worker.endNs);
  const contention = sequence === 'intact' ? describeContention(ledgers, endNs) : null;
  return {
    kind: 'timing',
    block,
    order,
    wallNs,
    turns,
    final,
    expected,
    lost,
    sequence,
    contention,
    workers: [...workers],
  };
}

/** Cuts a block into convoys: several rounds whose processes together are few, or one round. */
function* convoys(cells: readonly CellProgress[]): Generator<CellProgress[]> {
  let convoy: CellProgress[] = [];
  let processes = 0;
  for (const progress of cells) {
    const more = progress.cell.conditions.processes;
    if (convoy.length > 0 && processes + more > CONVOY) {
      yield convoy;
      convoy = [];
      processes = 0;
    }
    convoy.push(progress);
    processes += more;
  }
  if (convoy.length > 0) yield convoy;
}

async function specOf(
  { strategy, policy, conditions }: PlannedCell,
  request: RunRequest,
): Promise<RoundSpec> {
  const { memory, atLeastNs, budgetNs, timeLimitNs, identity } = request;
  const { processes, increments, number, hold, think, directory } = conditions;
  return {
    strategy: await loadStrategy(strategy),
    policy,
    directory: directory.path,
    memory,
    processes,
    increments,
    number,
    hold,
    think,
    atLeastNs,
    budgetNs,
    timeLimitNs,
    identity,
  };
}

/** A convoy's rounds, started; a cell whose round cannot be started has failed. */
async function launch(
  convoy: readonly CellProgress[],
  request: RunRequest,
): Promise<{ progress: CellProgress; round: Round }[]> {
  const launched: { progress: CellProgress; round: Round }[] = [];
  for (const progress of convoy) {
    try {
      launched.push({ progress, round: Round.launch(await specOf(progress.cell, request)) });
    } catch (error) {
      progress.failure = { state: 'errored', reason: error instanceof Error ? error.message : String(error) };
    }
  }
  return launched;
}

/** Runs the cells; returns them with their rounds. Ends early, and in order, when `signal` is aborted. */
export async function runCells(
  cells: readonly PlannedCell[],
  request: RunRequest,
  events: RunEvents,
): Promise<CellProgress[]> {
  const all: CellProgress[] = cells.map((cell) => ({ cell, rounds: [], failure: null }));
  const runnable = all.filter(({ cell }) => cell.unavailable === null);
  const random = xorshift32(request.seed);
  const total = runnable.length * request.blocks;
  const { signal } = request;
  const started = now();
  let done = 0;
  for (let block = 0; block < request.blocks && !signal.aborted; block++) {
    const spentNs = Number(now() - started);
    if (block > 0 && request.maxTimeNs !== null && spentNs + spentNs / block > request.maxTimeNs) break;
    const order = shuffled(runnable, random);
    for (const convoy of convoys(order)) {
      const launched = await launch(
        convoy.filter(({ failure }) => failure === null),
        request,
      );
      try {
        await Promise.all(launched.map(({ round }) => round.settled()));
        for (const { progress, round } of launched) {
          if (signal.aborted) break;
          events.onRound?.(progress.cell, done++, total);
          const outcome = await round.run();
          if (signal.aborted) break;
          if (outcome.state === 'measured') {
            progress.rounds.push(record(outcome.figures, block, order.indexOf(progress)));
          } else {
            progress.failure = outcome;
          }
        }
      } finally {
        await Promise.all(launched.map(({ round }) => round.end()));
      }
      if (signal.aborted) break;
    }
    events.onBlock?.(all);
  }
  return all;
}
