/**
 * Measuring: planned cells are run, and a result is made of what came out, after each block and at the end. What `run`
 * and the lab's comparison have in common; where the cells come from is theirs.
 */

import type { Environment } from '../../machine/host.js';
import type { Identity } from '../../machine/identity.js';
import { readLoad } from '../../machine/machine-load.js';
import { describeNoise, noiseWarnings } from '../../machine/noise.js';
import { fixedSpin, type Spin } from '../../machine/spin.js';
import { readTopology } from '../../machine/topology.js';
import { isMeasured, timingRounds } from '../result/result.js';
import type { Result } from '../result/result-schema.js';
import { SCHEMA_VERSION } from '../result/schema-version.js';
import { isNarrow } from '../verdict/ranking.js';
import type { RoundKind } from '../worker/job.js';
import type { LoopCost } from '../worker/prober.js';
import { type RunEvents, runCells } from './blocks.js';
import type { PlannedCell } from './plan.js';
import { memoryDirectory } from './preflight.js';
import type { RoundFigures } from './round.js';
import type { CellProgress } from './run-request.js';
import { summarise } from './summarise.js';

/** Rounds shorter than this measure the gate and the scheduler more than the lock. */
const MIN_ROUND_NS = 200e6;
/** What all rounds together may take by repeating laps; many cells make shorter rounds, not a longer run. */
const REPEATING_NS = 6e9;
const LEAST_ROUND_NS = 20e6;
/** What all timing rounds together may take, nobody having said how long; where cells are many, slow locks do fewer turns. */
const ALL_BUDGETS_NS = 120e9;
const LEAST_BUDGET_NS = 100e6;
const MOST_BUDGET_NS = 20e9;

/** How to measure; times in ns. */
export interface Method {
  /** Blocks; each holds every cell once. */
  readonly rounds: number;
  readonly seed: number;
  /** Hand-offs that prove a cell; 0 for no prove rounds. */
  readonly handoffs: number;
  /** How often each cell is proven; once if left out. */
  readonly proofs?: number;
  readonly trace: boolean;
  /** Rounds repeat their laps until they have lasted so long; null for what is usual with so many rounds. */
  readonly minRoundNs: number | null;
  /** Rounds are stopped after so long, with fewer turns; null for what is usual with so many rounds. */
  readonly budgetNs: number | null;
  readonly maxTimeNs: number | null;
  readonly timeLimitNs: number;
  /** Add blocks until no bound is further from its median than this share; null for no more than `rounds`. */
  readonly untilShare: number | null;
}

/** What is measured, and on what. */
export interface Task {
  readonly cells: readonly PlannedCell[];
  readonly loop: LoopCost | null;
  readonly command: string;
  readonly startedAt: Date;
  readonly environment: Environment;
  readonly identity: Identity | null;
  /** What a reader must know of the file systems. */
  readonly warnings: readonly string[];
}

export interface MeasuringEvents extends Pick<RunEvents, 'onRound'> {
  onFigures(cell: PlannedCell, kind: RoundKind, figures: RoundFigures): void;
  /** The result as it is after a block; not called while nothing is worth keeping. */
  onBlock(result: Result): void;
  /** The result as it is by now, in the midst of the first block; likewise. */
  duringFirstBlock?(result: Result): void;
}

/** What ends a run early, and by what name. */
export interface Ending {
  readonly signal: AbortSignal;
  by(): string | null;
}

/** A share of `allNs` for each of so many rounds, within bounds. */
const shareOf = (allNs: number, rounds: number, leastNs: number, mostNs: number): number =>
  Math.max(leastNs, Math.min(mostNs, Math.floor(allNs / Math.max(rounds, 1))));

/** How long rounds last: at least, and at most. */
function lengthsOf(method: Method, cells: readonly PlannedCell[]): { atLeastNs: number; budgetNs: number } {
  const all = cells.filter(({ unavailable }) => unavailable === null).length * method.rounds;
  return {
    atLeastNs: method.minRoundNs ?? shareOf(REPEATING_NS, all, LEAST_ROUND_NS, MIN_ROUND_NS),
    budgetNs: method.budgetNs ?? shareOf(ALL_BUDGETS_NS, all, LEAST_BUDGET_NS, MOST_BUDGET_NS),
  };
}

/** Whether a result may replace an earlier one: not if it was ended before anything was measured. */
export const hasContent = ({ interruptedBy, cells }: Result): boolean =>
  interruptedBy === null || cells.some(isMeasured);

/** Measures. Returns the result as it is after the last block that began. */
export async function measureCells(
  { cells, loop, command, startedAt, environment, identity, warnings }: Task,
  method: Method,
  events: MeasuringEvents,
  ending: Ending,
): Promise<Result> {
  const { atLeastNs, budgetNs } = lengthsOf(method, cells);
  const loadBefore = readLoad();
  const spins: Spin[] = [];

  const resultOf = (all: readonly CellProgress[], finishedAt: Date | null): Result => {
    const noise = describeNoise(loadBefore, readLoad(), spins, environment);
    return {
      schemaVersion: SCHEMA_VERSION,
      command,
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt?.toISOString() ?? null,
      interruptedBy: ending.by(),
      seed: method.seed,
      blocks: method.rounds,
      atLeastNs,
      budgetNs,
      measuredNs: all.reduce(
        (sum, progress) => sum + timingRounds(progress).reduce((a, { wallNs }) => a + wallNs, 0),
        0,
      ),
      emptyLoopNs: loop?.loopNs ?? null,
      instrumentsNs: loop?.instrumentsNs ?? null,
      environment,
      noise: { ...noise, chainNs: [...noise.chainNs], spinNs: [...noise.spinNs] },
      warnings: [...warnings, ...noiseWarnings(noise)],
      cells: summarise(all),
    };
  };

  const all = await runCells(
    cells,
    {
      blocks: method.rounds,
      seed: method.seed,
      handoffs: method.handoffs,
      proofs: method.proofs ?? 1,
      trace: method.trace,
      topology: readTopology(),
      atLeastNs,
      budgetNs,
      maxTimeNs: method.maxTimeNs,
      timeLimitNs: method.timeLimitNs,
      memory: memoryDirectory(),
      identity,
      signal: ending.signal,
    },
    {
      onRound: events.onRound,
      onFigures: events.onFigures,
      beforeBlocks: () => spins.push(fixedSpin()),
      isEnough: (all) => method.untilShare === null || isNarrow(summarise(all), method.untilShare),
      duringFirstBlock: (all) => {
        const result = resultOf(all, null);
        if (hasContent(result)) events.duringFirstBlock?.(result);
      },
      onBlock: (all) => {
        spins.push(fixedSpin());
        const result = resultOf(all, null);
        if (hasContent(result)) events.onBlock(result);
      },
    },
  );
  return resultOf(all, new Date());
}
