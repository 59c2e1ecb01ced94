/**
 * Measuring: planned cells are run, and a result is made of what came out, after each block and at the end. What `run`
 * and the lab's comparison have in common; where the cells come from is theirs.
 */

import type { Environment } from '../../machine/host.js';
import type { Identity } from '../../machine/identity.js';
import { readLoad } from '../../machine/machine-load.js';
import { describeNoise, type Noise } from '../../machine/noise.js';
import { noiseWarnings } from '../../machine/noise-warnings.js';
import { fixedSpin, type Spin } from '../../machine/spin.js';
import { readTopology } from '../../machine/topology.js';
import { estimateMedian } from '../../statistics/median.js';
import { estimateLookedAt } from '../../statistics/until-narrow.js';
import { timingRounds } from '../result/result.js';
import type { Result } from '../result/result-schema.js';
import { SCHEMA_VERSION } from '../result/schema-version.js';
import type { RoundKind } from '../worker/job.js';
import type { LoopCost } from '../worker/prober.js';
import { type RunEvents, runCells } from './blocks.js';
import { calibrateRun, flushedDirectories, type RunCalibration } from './calibrate-run.js';
import type { CellProgress } from './cell-progress.js';
import { requireRoom } from './ledger-room.js';
import type { PlannedCell } from './plan.js';
import { memoryDirectory } from './preflight.js';
import type { Limits, Sampling } from './request.js';
import type { RoundFigures } from './round.js';
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

/** How to measure. */
export interface Method {
  readonly limits: Limits<null>;
  readonly sampling: Sampling;
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

/** A share of `allNs` for each of this many rounds, within bounds. */
const shareOf = (allNs: number, rounds: number, leastNs: number, mostNs: number): number =>
  Math.max(leastNs, Math.min(mostNs, Math.floor(allNs / Math.max(rounds, 1))));

/** The limits, with the usual values for this many rounds where none were asked for. */
function limitsOf({ limits, sampling }: Method, cells: readonly PlannedCell[]): Limits {
  const all = cells.filter(({ unavailable }) => unavailable === null).length * sampling.blocks;
  return {
    ...limits,
    atLeastNs: limits.atLeastNs ?? shareOf(REPEATING_NS, all, LEAST_ROUND_NS, MIN_ROUND_NS),
    budgetNs: limits.budgetNs ?? shareOf(ALL_BUDGETS_NS, all, LEAST_BUDGET_NS, MOST_BUDGET_NS),
  };
}

/** Whether a result may replace an earlier one: not if it was ended before any round was. */
export const hasContent = ({ interruptedBy, cells }: Result): boolean =>
  interruptedBy === null || cells.some((cell) => 'rounds' in cell);

const recorded = (noise: Noise): Result['noise'] => ({
  ...noise,
  chainNs: [...noise.chainNs],
  spinNs: [...noise.spinNs],
  elapsedNs: [...noise.elapsedNs],
});

const asRecord = ({ flushes, ...rest }: RunCalibration) => ({ ...rest, flushes: [...flushes] });

/** Measures. Returns the result as it is after the last block that began. */
export async function measureCells(
  { cells, loop, command, startedAt, environment, identity, warnings }: Task,
  method: Method,
  events: MeasuringEvents,
  ending: Ending,
): Promise<Result> {
  const { sampling } = method;
  const limits = limitsOf(method, cells);
  requireRoom(
    cells.filter(({ unavailable }) => unavailable === null),
    limits,
  );
  const directories = flushedDirectories(cells);
  const calibratedBefore = await calibrateRun(directories, identity);
  const loadBefore = readLoad();
  const spins: Spin[] = [];

  const resultOf = (
    all: readonly CellProgress[],
    finishedAt: Date | null,
    calibratedAfter: RunCalibration | null = null,
  ): Result => {
    const noise = describeNoise(loadBefore, readLoad(), spins, environment);
    return {
      schemaVersion: SCHEMA_VERSION,
      command,
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt?.toISOString() ?? null,
      interruptedBy: ending.by(),
      seed: sampling.seed,
      blocks: sampling.blocks,
      atLeastNs: limits.atLeastNs,
      budgetNs: limits.budgetNs,
      ...(sampling.restNs === undefined ? {} : { restNs: sampling.restNs }),
      measuredNs: all.reduce(
        (sum, progress) => sum + timingRounds(progress).reduce((a, { wallNs }) => a + wallNs, 0),
        0,
      ),
      emptyLoopNs: loop?.loopNs ?? null,
      instrumentsNs: loop?.instrumentsNs ?? null,
      environment,
      noise: recorded(noise),
      calibration: {
        before: asRecord(calibratedBefore),
        after: calibratedAfter && asRecord(calibratedAfter),
      },
      warnings: [...warnings, ...noiseWarnings(noise)],
      cells: summarise(all, sampling.untilShare === null ? estimateMedian : estimateLookedAt),
    };
  };

  const all = await runCells(
    cells,
    {
      sampling,
      limits,
      topology: readTopology(),
      memory: memoryDirectory(),
      identity,
      isCounted: environment.machine.noCounters === null,
      signal: ending.signal,
    },
    {
      onRound: events.onRound,
      onFigures: events.onFigures,
      beforeBlocks: () => spins.push(fixedSpin()),
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
  // Who wants to stop waits for no disk.
  const calibratedAfter = ending.signal.aborted ? null : await calibrateRun(directories, identity);
  return resultOf(all, new Date(), calibratedAfter);
}
