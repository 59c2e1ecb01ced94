/**
 * The measuring part of `run`: look, plan, run, and after each block save what is known.
 */
import { fileSystemNotes, fileSystemOf } from '../environment/file-system.js';
import type { Environment } from '../environment/host.js';
import type { Identity } from '../environment/identity.js';
import { readLoad } from '../environment/machine-load.js';
import { describeNoise, noiseWarnings } from '../environment/noise.js';
import { fixedSpin, type Spin } from '../environment/spin.js';
import { readTopology } from '../environment/topology.js';
import type { Outputs } from '../report/outputs.js';
import { Progress } from '../report/progress.js';
import { isNarrow } from '../report/ranking.js';
import { isMeasured, type Result, SCHEMA_VERSION, timingRounds } from '../report/result.js';
import { summarise } from '../report/summarise.js';
import type { TraceFile } from '../report/trace-file.js';
import { type PlannedCell, plan, type Wish } from '../run/plan.js';
import { look, memoryDirectory } from '../run/preflight.js';
import { type CellProgress, runCells } from '../run/run.js';
import { commandLine } from './command-line.js';
import type { Interruption } from './interruption.js';
import type { RunOptions } from './run-options.js';

/** Rounds shorter than this measure the gate and the scheduler more than the lock. */
const MIN_ROUND_NS = 200e6;
/** What all rounds together may take by repeating laps; many cells make shorter rounds, not a longer run. */
const REPEATING_NS = 6e9;
const LEAST_ROUND_NS = 20e6;

/** Where a result goes while and after it is made. */
export interface Destinations {
  readonly outputs: Outputs;
  readonly traceFile: TraceFile | null;
}

/** Who measures, and on what. */
export interface Setting {
  readonly environment: Environment;
  readonly identity: Identity | null;
  readonly wishes: readonly Wish[];
}

function fileSystemWarnings({ directories }: RunOptions): string[] {
  return directories.flatMap((directory) => {
    const mount = fileSystemOf(directory);
    return mount === null ? [] : fileSystemNotes(mount).map((warning) => `${directory}: ${warning}`);
  });
}

function minRoundNs(options: RunOptions, cells: readonly PlannedCell[]): number {
  if (options.minRoundNs !== null) return options.minRoundNs;
  const rounds = cells.filter(({ unavailable }) => unavailable === null).length * options.rounds;
  return Math.max(LEAST_ROUND_NS, Math.min(MIN_ROUND_NS, Math.floor(REPEATING_NS / Math.max(rounds, 1))));
}

/** A disk that is full for a while must not end a run; at the end the result is written once more. */
function saveOrWarn(outputs: Outputs, result: Result): void {
  try {
    outputs.save(result);
  } catch (error) {
    console.error(`the result so far could not be saved: ${error instanceof Error ? error.message : error}`);
  }
}

/** Whether a result may replace an earlier one: not if it was ended before anything was measured. */
export const hasContent = ({ interruptedBy, cells }: Result): boolean =>
  interruptedBy === null || cells.some(isMeasured);

/** Measures. Returns the result as it is after the last block that began. */
export async function measure(
  options: RunOptions,
  { environment, identity, wishes }: Setting,
  { outputs, traceFile }: Destinations,
  interruption: Interruption,
): Promise<Result> {
  const startedAt = new Date();
  const names = [...new Set(wishes.map(({ strategy }) => strategy))];
  const found = await look(names, options.directories, identity);
  const cells = plan({ ...options, wishes }, found);
  const atLeastNs = minRoundNs(options, cells);
  const progress = new Progress(options.quiet);
  const loadBefore = readLoad();
  const spins: Spin[] = [];

  const resultOf = (all: readonly CellProgress[], finishedAt: Date | null): Result => {
    const noise = describeNoise(loadBefore, readLoad(), spins, environment);
    return {
      schemaVersion: SCHEMA_VERSION,
      command: commandLine(),
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt?.toISOString() ?? null,
      interruptedBy: interruption.by(),
      seed: options.seed,
      blocks: options.rounds,
      atLeastNs,
      budgetNs: options.budgetNs,
      measuredNs: all.reduce(
        (sum, progress) => sum + timingRounds(progress).reduce((a, { wallNs }) => a + wallNs, 0),
        0,
      ),
      emptyLoopNs: found.loop?.loopNs ?? null,
      instrumentsNs: found.loop?.instrumentsNs ?? null,
      environment,
      noise: { ...noise, chainNs: [...noise.chainNs], spinNs: [...noise.spinNs] },
      warnings: [...fileSystemWarnings(options), ...noiseWarnings(noise)],
      cells: summarise(all),
    };
  };

  try {
    const all = await runCells(
      cells,
      {
        blocks: options.rounds,
        seed: options.seed,
        handoffs: options.handoffs,
        trace: options.trace,
        topology: readTopology(),
        atLeastNs,
        budgetNs: options.budgetNs,
        maxTimeNs: options.maxTimeNs,
        timeLimitNs: options.timeLimitNs,
        memory: memoryDirectory(),
        identity,
        signal: interruption.signal,
      },
      {
        onRound: (cell, kind, done, total) => progress.show(cell, kind, done, total),
        onFigures: (cell, kind, figures) => {
          if (kind === 'trace') traceFile?.add(cell, figures);
        },
        beforeBlocks: () => spins.push(fixedSpin()),
        isEnough: (all) => options.untilShare === null || isNarrow(summarise(all), options.untilShare),
        onBlock: (all) => {
          spins.push(fixedSpin());
          const result = resultOf(all, null);
          if (hasContent(result)) saveOrWarn(outputs, result);
        },
      },
    );
    return resultOf(all, new Date());
  } finally {
    progress.clear();
  }
}
