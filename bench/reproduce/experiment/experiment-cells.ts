/**
 * Cells for an experiment: measured as `run` measures them, so that an experiment's figures and a run's are the same.
 */

import { z } from 'zod';
import type { Identity } from '../../machine/identity.js';
import { measureCells } from '../../measure/parent/measuring.js';
import { type PlanRequest, plan, type TestDirectory, testDirectoryNotes } from '../../measure/parent/plan.js';
import { look } from '../../measure/parent/preflight.js';
import { isMeasured } from '../../measure/result/result.js';
import { type Cell, type MeasuredCell, resultSchema } from '../../measure/result/result-schema.js';
import { parseStrategySpec } from '../../measure/worker/strategy-spec.js';
import type { Setting } from './experiment.js';

const [measured, failed] = resultSchema.shape.cells.element.options;

/** A cell with figures, whatever its verdict. */
export const cellSchema = z.discriminatedUnion('state', [measured, failed]);

/** As many turns as the book's programs take. */
export const INCREMENTS = 10_000;
/** A cell that takes longer is measured with fewer turns: what is compared is the cost of one. */
const BUDGET_NS = 500e6;
const LEAST_ROUND_NS = 50e6;
const TIME_LIMIT_NS = 60e9;

/** What to measure: each way on each ground with each number of processes. What is left out is as the book has it. */
export interface Grid
  extends Partial<Pick<PlanRequest, 'increments' | 'hold' | 'think' | 'rogues' | 'number'>> {
  /** `name` or `name/policy`. */
  readonly ways: readonly string[];
  readonly testDirectories: readonly TestDirectory[];
  readonly processes: readonly number[];
  /** Instead of the setting's. */
  readonly rounds?: number;
  /** Instead of the setting's; null: nobody drops. */
  readonly identity?: Identity | null;
  /** A round is stopped after this, with the turns it has done. */
  readonly budgetNs?: number;
  /** Hand-offs that prove each cell that has company; none if left out. */
  readonly handoffs?: number;
  /** Whether to trace, for latencies. */
  readonly trace?: boolean;
  /** Whether nothing is made of its times: then nobody is warned of what else the machine had to do. */
  readonly untimed?: boolean;
}

/** Measures; the cells come in the order of grounds, processes, ways. Throws an Error that says why if one of the cells did not come to its end. */
export async function measureGrid(setting: Setting, grid: Grid): Promise<MeasuredCell[]> {
  const { environment, seed, ending } = setting;
  const identity = grid.identity === undefined ? setting.identity : grid.identity;
  const specs = grid.ways.map((way) => ({ ...parseStrategySpec(way), named: true }));
  const names = [...new Set(specs.map(({ strategy }) => strategy))];
  const directories = grid.testDirectories.map(({ directory }) => directory);
  const found = await look(names, directories, identity);
  const { hold = null, think = null, rogues = 0, number = 'kept-open', increments = INCREMENTS } = grid;
  const request: PlanRequest = {
    ...{ specs, policies: [], testDirectories: grid.testDirectories, processes: grid.processes },
    ...{ readers: 0, rogues, pin: null, increments, number, hold, think },
  };
  const notes = grid.testDirectories.flatMap(testDirectoryNotes);
  const { cells, warnings } = await measureCells(
    {
      ...{ cells: plan(request, found), loop: found.loop, environment, identity },
      ...{ command: '', startedAt: new Date(), warnings: notes },
    },
    {
      rounds: grid.rounds ?? setting.rounds,
      seed,
      handoffs: grid.handoffs ?? 0,
      trace: grid.trace ?? false,
      minRoundNs: LEAST_ROUND_NS,
      budgetNs: grid.budgetNs ?? BUDGET_NS,
      maxTimeNs: null,
      timeLimitNs: TIME_LIMIT_NS,
      untilShare: null,
    },
    {
      onRound({ strategy, wait, conditions: { processes, directory } }, _kind, done, total) {
        setting.progress(`${strategy}/${wait}, ${processes} × ${directory.path}`, done, total);
      },
      onFigures() {},
      onBlock() {},
    },
    ending,
  );
  for (const warning of grid.untimed === true ? notes : warnings) setting.warn(warning);
  return cells.map(requireMeasured);
}

/** Those of the ways that work on that ground; of the others it is said why they do not. */
export async function waysThatWork(
  { identity, warn }: Setting,
  ways: readonly string[],
  { directory }: TestDirectory,
): Promise<string[]> {
  const strategyOf = (way: string): string => parseStrategySpec(way).strategy;
  const { findings } = await look([...new Set(ways.map(strategyOf))], [directory], identity);
  return ways.filter((way) => {
    const finding = findings[strategyOf(way)]?.[directory];
    if (finding?.available === false) warn(`${way} was left out: ${finding.reason}`);
    return finding?.available === true;
  });
}

/** For each way its cells, of those that `measureGrid` returned. */
export const byWay = (cells: readonly MeasuredCell[], { ways }: Pick<Grid, 'ways'>): MeasuredCell[][] =>
  ways.map((_, way) => cells.filter((_, i) => i % ways.length === way));

/** For each ground its cells, likewise. */
export function byDirectory(
  cells: readonly MeasuredCell[],
  { ways, testDirectories, processes }: Pick<Grid, 'ways' | 'testDirectories' | 'processes'>,
): MeasuredCell[][] {
  const each = ways.length * processes.length;
  return testDirectories.map((_, i) => cells.slice(i * each, (i + 1) * each));
}

function requireMeasured(cell: Cell): MeasuredCell {
  if (isMeasured(cell)) return cell;
  const { strategy, wait, state, reason } = cell;
  throw new Error(`${strategy}/${wait} was to be measured, but is ${state}: ${reason}`);
}
