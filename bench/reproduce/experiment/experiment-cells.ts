/**
 * Cells for an experiment: measured as `run` measures them, so that an experiment's figures and a run's are the same.
 */

import { z } from 'zod';
import type { Identity } from '../../machine/identity.js';
import { measureCells } from '../../measure/parent/measure-cells.js';
import { plan, type TestDirectory, testDirectoryNotes } from '../../measure/parent/plan.js';
import { look } from '../../measure/parent/preflight.js';
import { type Limits, PLAIN, type Sampling, type SharedConditions } from '../../measure/parent/request.js';
import { isMeasured } from '../../measure/result/result.js';
import { type Cell, type MeasuredCell, resultSchema } from '../../measure/result/result-schema.js';
import { parseStrategySpec } from '../../measure/worker/strategy-spec.js';
import type { Setting } from './experiment.js';

const [measured, failed] = resultSchema.shape.cells.element.options;

/** A cell with figures, whatever its verdict. */
export const cellSchema = z.discriminatedUnion('state', [measured, failed]);

/** A cell that takes longer than the budget is measured with fewer turns: what is compared is the cost of one. */
const LIMITS: Limits = { atLeastNs: 50e6, budgetNs: 500e6, timeLimitNs: 60e9, maxTimeNs: null };
const SAMPLING = { handoffs: 0, proofs: 1, trace: false, untilShare: null };

/** What to measure: each way in each directory with each number of processes. What is left out is as the book has it. */
export interface Grid {
  /** `name` or `name/policy`. */
  readonly ways: readonly string[];
  readonly testDirectories: readonly TestDirectory[];
  readonly processes: readonly number[];
  readonly conditions?: Partial<SharedConditions>;
  /** Blocks: the setting's if left out. None is proven and none is traced unless it is asked for. */
  readonly sampling?: Partial<Pick<Sampling, 'blocks' | 'handoffs' | 'trace'>>;
  readonly limits?: Partial<Pick<Limits, 'budgetNs'>>;
  /** Instead of the setting's; null: nobody drops. */
  readonly identity?: Identity | null;
  /** Whether nothing is made of its times: then nobody is warned of what else the machine had to do. */
  readonly untimed?: boolean;
}

/** Measures; the cells come in the order of directories, processes, ways. Throws an Error that says why if one of the cells did not come to its end. */
export async function measureGrid(setting: Setting, grid: Grid): Promise<MeasuredCell[]> {
  const { environment, seed, ending } = setting;
  const identity = grid.identity === undefined ? setting.identity : grid.identity;
  const specs = grid.ways.map((way) => ({ ...parseStrategySpec(way), named: true }));
  const names = [...new Set(specs.map(({ strategy }) => strategy))];
  const directories = grid.testDirectories.map(({ directory }) => directory);
  const found = await look(names, directories, identity);
  const { testDirectories, processes } = grid;
  const conditions = { ...PLAIN, ...grid.conditions };
  const request = { specs, policies: [], testDirectories, processes, conditions };
  const notes = grid.testDirectories.flatMap(testDirectoryNotes);
  const { cells, warnings } = await measureCells(
    {
      ...{ cells: plan(request, found), loop: found.loop, environment, identity },
      ...{ command: '', startedAt: new Date(), warnings: notes },
    },
    {
      sampling: { ...SAMPLING, blocks: setting.rounds, seed, ...grid.sampling },
      limits: { ...LIMITS, ...grid.limits },
    },
    {
      onRound({ strategy, wait, conditions: { processes, directory } }, _kind, done, total) {
        setting.progress(`${strategy.name}/${wait}, ${processes} × ${directory.path}`, done, total);
      },
      onFigures() {},
      onBlock() {},
    },
    ending,
  );
  for (const warning of grid.untimed === true ? notes : warnings) setting.warn(warning);
  return cells.map(requireMeasured);
}

/** Those of the ways that work in that directory; of the others it is said why they do not. */
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

/** For each directory its cells, likewise. */
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
