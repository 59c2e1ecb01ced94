/**
 * Who is faster than whom, as far as the rounds tell: two locks whose ratio may be 1 have no order.
 */

import { tellsBounds } from '../../base/format.js';
import { type Comparison, compareByBlock, type SamplesByBlock } from '../../statistics/paired-ratio.js';
import { toldApart } from '../../statistics/told-apart.js';
import { isNarrowEnough } from '../../statistics/until-narrow.js';
import { timingRounds } from '../result/result.js';
import type { Cell, MeasuredCell } from '../result/result-schema.js';

const byBlock = (cell: MeasuredCell): Map<number, number> =>
  new Map(timingRounds(cell).map(({ block, wallNs, turns }) => [block, wallNs / turns]));

/** Compares a cell to another one, within the blocks that timed both. Null if none did. */
export const compareCells = (cell: MeasuredCell, to: MeasuredCell): Comparison | null =>
  compareByBlock(byBlock(cell), byBlock(to));

/** Ranked cells with what was found of them: a table asks once for each of its rows. */
const grouped = new WeakMap<readonly MeasuredCell[], MeasuredCell[][]>();

/**
 * Ranked cells, the fastest first, in groups of those that cannot be told apart from the first of their group. Cells that no
 * block timed together are in groups of their own.
 */
export function ties(ranked: readonly MeasuredCell[]): MeasuredCell[][] {
  const known = grouped.get(ranked);
  if (known !== undefined) return known;
  const samples = ranked.map(byBlock);
  const areTold = toldApart(samples);
  const groups: MeasuredCell[][] = [];
  let first = 0;
  for (const [i, cell] of ranked.entries()) {
    const isApart = areTold(first, i) || compareByBlock(samples[i] ?? NONE, samples[first] ?? NONE) === null;
    const group = groups.at(-1);
    if (group === undefined || isApart) {
      groups.push([cell]);
      first = i;
    } else group.push(cell);
  }
  grouped.set(ranked, groups);
  return groups;
}

const NONE: SamplesByBlock = new Map();

/** Whether there are rounds enough for an order of these cells: one or two tell none. */
export const areTold = (ranked: readonly MeasuredCell[]): boolean =>
  ranked.every(({ nsPerIncrement }) => tellsBounds(nsPerIncrement));

/** Whether no bound of any cell that held lies further from its median than `share`, looked at after each block. */
export function isNarrow(cells: readonly Cell[], share: number): boolean {
  return cells.every((cell) => {
    if (cell.state !== 'measured') return true;
    return isNarrowEnough([...byBlock(cell).values()], share);
  });
}
