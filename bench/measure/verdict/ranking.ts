/**
 * Who is faster than whom, as far as the rounds tell: two locks whose ratio may be 1 have no order.
 */

import { tellsBounds } from '../../base/format.js';
import { estimateMedian } from '../../statistics/median.js';
import { type Comparison, compareByBlock, relativeHalfWidth } from '../../statistics/paired-ratio.js';
import { timingRounds } from '../result/result.js';
import type { Cell, MeasuredCell } from '../result/result-schema.js';

const byBlock = (cell: MeasuredCell): Map<number, number> =>
  new Map(timingRounds(cell).map(({ block, wallNs, turns }) => [block, wallNs / turns]));

/** Compares a cell to another one, within the blocks that timed both. Null if none did. */
export const compareCells = (cell: MeasuredCell, to: MeasuredCell): Comparison | null =>
  compareByBlock(byBlock(cell), byBlock(to));

/**
 * Ranked cells, the fastest first, in groups of those that are not distinguishable from the first of their group: the
 * interval of their ratio, within blocks, contains 1.
 */
export function ties(ranked: readonly MeasuredCell[]): MeasuredCell[][] {
  const groups: MeasuredCell[][] = [];
  for (const cell of ranked) {
    const group = groups.at(-1);
    const first = group?.[0];
    const ratio = first === undefined ? null : (compareCells(cell, first)?.ratio ?? null);
    if (group !== undefined && ratio !== null && ratio.low <= 1 && ratio.high >= 1) group.push(cell);
    else groups.push([cell]);
  }
  return groups;
}

/** Whether there are rounds enough for an order of these cells: one or two tell none. */
export const areTold = (ranked: readonly MeasuredCell[]): boolean =>
  ranked.every(({ nsPerIncrement }) => tellsBounds(nsPerIncrement));

/**
 * Who looks after each block whether bounds are narrow by now stops when chance has drawn them close, so that bounds of 95% would cover
 * less than they say. Those of 99% are wide enough to be looked at: docs/examples/stopping.mjs shows what is left of the 95%.
 */
const COVERAGE_TO_STOP = 0.99;

/** Whether no bound of any cell that held lies further from its median than `share`, looked at after each block. */
export function isNarrow(cells: readonly Cell[], share: number): boolean {
  return cells.every((cell) => {
    if (cell.state !== 'measured') return true;
    const estimate = estimateMedian([...byBlock(cell).values()], COVERAGE_TO_STOP);
    return estimate.kind === 'interval' && relativeHalfWidth(estimate) <= share;
  });
}
