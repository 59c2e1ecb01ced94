/**
 * A cell's figure in each block, or in each run, as a logarithm: costs scatter by factors, and a factor is what is asked for.
 */
import { BASELINE } from '../measure/parent/summarise.js';
import { isMeasured, timingRounds } from '../measure/result/result.js';
import type { Cell, Result } from '../measure/result/result-schema.js';
import { median } from '../statistics/median.js';

/** `cost`: time per increment, ns. `ratio`: that over fcntl/block's in the same block, under the same conditions. */
export type Basis = 'cost' | 'ratio';

export const isBaseline = ({ strategy, wait }: Cell): boolean =>
  strategy === BASELINE.strategy && wait === BASELINE.wait;

const costsByBlock = (cell: Cell): Map<number, number> =>
  new Map(
    isMeasured(cell)
      ? timingRounds(cell).map(({ block, wallNs, turns }) => [block, Math.log(wallNs / turns)])
      : [],
  );

/** Blocks of a run, in order: those in which anything was timed. */
export const blocksOf = ({ cells }: Result): number[] =>
  [...new Set(cells.flatMap((cell) => [...costsByBlock(cell).keys()]))].sort((a, b) => a - b);

/** In each of `blocks`; null where the cell, or on the basis of ratios the baseline, has no figure. */
export function logFigures(
  cell: Cell | null,
  { cells }: Result,
  blocks: readonly number[],
  basis: Basis,
): (number | null)[] {
  // By itself the baseline is 1 in each block, which is no measurement.
  if (cell === null || (basis === 'ratio' && isBaseline(cell))) return blocks.map(() => null);
  const own = costsByBlock(cell);
  if (basis === 'cost') return blocks.map((block) => own.get(block) ?? null);
  const conditions = JSON.stringify(cell.conditions);
  const baseline = cells.find((one) => isBaseline(one) && JSON.stringify(one.conditions) === conditions);
  const theirs = baseline === undefined ? new Map<number, number>() : costsByBlock(baseline);
  return blocks.map((block) => {
    const [mine, other] = [own.get(block), theirs.get(block)];
    return mine === undefined || other === undefined ? null : mine - other;
  });
}

/** Of the whole run: the median of its blocks. */
export function logFigureOfRun(cell: Cell | null, run: Result, basis: Basis): number | null {
  const figures = logFigures(cell, run, blocksOf(run), basis).filter((one) => one !== null);
  return figures.length === 0 ? null : median(figures);
}
