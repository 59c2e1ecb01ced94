/**
 * By how much the same runs differ from each other, cell by cell, and how much of it the scatter of their rounds explains.
 */
import { percent } from '../../base/format.js';
import { blocksOf, logFigures } from '../../compare/log-figures.js';
import type { Result } from '../../measure/result/result-schema.js';
import { varianceOf } from '../../statistics/variance.js';

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

/** A standard deviation of logarithms as a share of the cost. */
const share = (variance: number): string => percent(Math.expm1(Math.sqrt(variance)));

export const SCATTER_HEAD = ['lock', 'directory', 'all runs differ by', 'runs in a row by', 'rounds explain'];

/** A row for each cell; all runs have the same cells. Cells that a run could not measure are left out of it. */
export function scatterRows(runs: readonly Result[]): string[][] {
  const cells = runs[0]?.cells ?? [];
  return cells.map(({ strategy, conditions: { directory } }, i) => {
    const rounds = runs
      .map((run) =>
        logFigures(run.cells[i] ?? null, run, blocksOf(run), 'cost').filter((one) => one !== null),
      )
      .filter((one) => one.length > 0);
    const figures = rounds.map(mean);
    const steps = figures.slice(1).map((one, before) => (one - (figures[before] ?? one)) ** 2 / 2);
    return [
      strategy,
      `${directory.path} (${directory.filesystem})`,
      share(varianceOf(figures)),
      share(mean(steps)),
      share(mean(rounds.map((one) => varianceOf(one) / one.length))),
    ];
  });
}
