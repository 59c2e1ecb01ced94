/**
 * Cells whose figures changed in the course of their own run.
 */
import { drifts } from '../../statistics/drift.js';
import { isMeasured, timingRounds } from '../result/result.js';
import type { MeasuredCell, Result } from '../result/result-schema.js';

export interface DriftingCell {
  readonly cell: MeasuredCell;
  /** The cost of its last rounds over that of its first ones. */
  readonly change: number;
}

/** Many rounds tell a change apart that matters to nobody: from 5% on, either way, one is told. */
const LEAST_CHANGE = 1.05;

const found = new WeakMap<Result, readonly DriftingCell[]>();

/** All that drift, of all cells of a run, which are tested at once. */
export function driftingCells(result: Result): readonly DriftingCell[] {
  const known = found.get(result);
  if (known !== undefined) return known;
  const cells = result.cells.filter(isMeasured);
  const each = drifts(
    cells.map(
      (cell) => new Map(timingRounds(cell).map(({ block, wallNs, turns }) => [block, wallNs / turns])),
    ),
  );
  const drifting = cells.flatMap((cell, i): DriftingCell[] => {
    const { isDrifting = false, change = 1 } = each[i] ?? {};
    return isDrifting && Math.max(change, 1 / change) >= LEAST_CHANGE ? [{ cell, change }] : [];
  });
  found.set(result, drifting);
  return drifting;
}
