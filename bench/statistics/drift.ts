/**
 * Cells whose cost rises or falls in the course of a run, so that their median depends on when they were measured, and for
 * how long. Spearman's correlation of ranks with the order of the blocks tells it, whatever the shape of the drift.
 *
 * All cells are tested at once: the blocks are put into other orders, each with all of its cells, and a cell drifts if the
 * largest correlation of any cell reaches its own in at most 5% of the orders. A machine that becomes slower as a whole
 * makes all of its cells drift. Source: C. Spearman, The proof and measurement of association between two things, 1904; P. H.
 * Westfall, S. S. Young, Resampling-Based Multiple Testing, 1993.
 */
import { median } from './median.js';
import type { SamplesByBlock } from './paired-ratio.js';
import { shuffled, xorshift32 } from './xorshift32.js';

const LEVEL = 0.05;
/** Of 120 orders of five, two are the farthest from chance; of 24 orders of four, too many are. */
const LEAST_BLOCKS = 5;
const ORDERS = 2000;
/** So that the same figures give the same answer. */
const SEED = 1;

export interface Drift {
  readonly isDrifting: boolean;
  /** The last third of the blocks over the first third: 1.5 if it costs half as much again. */
  readonly change: number;
}

/** From 0 on; equal values share the mean of their ranks. */
function ranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return values.map((one) => (sorted.indexOf(one) + sorted.lastIndexOf(one)) / 2);
}

/** About their mean, and of length 1: the correlation of two such is the sum of their products. Zeros if all are equal. */
function standardised(values: readonly number[]): number[] {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const length = Math.hypot(...values.map((one) => one - mean));
  return values.map((one) => (length === 0 ? 0 : (one - mean) / length));
}

const correlation = (a: readonly number[], b: readonly number[]): number =>
  Math.abs(a.reduce((sum, one, i) => sum + one * (b[i] ?? 0), 0));

function changeOf(inOrder: readonly number[]): number {
  const third = Math.max(1, Math.floor(inOrder.length / 3));
  return inOrder.length === 0 ? 1 : median(inOrder.slice(-third)) / median(inOrder.slice(0, third));
}

/** A cell that lacks a block is compared with none, and does not drift. */
export function drifts(cells: readonly SamplesByBlock[]): Drift[] {
  const blocks = [...new Set(cells.flatMap((cell) => [...cell.keys()]))].sort((a, b) => a - b);
  const inOrder = cells.map((cell) => blocks.flatMap((block) => cell.get(block) ?? []));
  const ranked = inOrder.map((values) =>
    values.length === blocks.length ? standardised(ranks(values)) : blocks.map(() => 0),
  );
  const order = blocks.map((_, i) => i);
  const line = standardised(order);
  const seen = ranked.map((values) => correlation(values, line));
  const atLeast = seen.map(() => 1);
  if (blocks.length >= LEAST_BLOCKS) {
    const random = xorshift32(SEED);
    for (let drawn = 1; drawn < ORDERS; drawn++) {
      const other = shuffled(line, random);
      const largest = ranked.reduce((most, values) => Math.max(most, correlation(values, other)), 0);
      for (const [i, one] of seen.entries()) {
        // The same sums in another order differ in their last digits.
        if (largest >= one - 1e-9) atLeast[i] = (atLeast[i] ?? 0) + 1;
      }
    }
  }
  return inOrder.map((values, i) => ({
    isDrifting: blocks.length >= LEAST_BLOCKS && (atLeast[i] ?? ORDERS) / ORDERS <= LEVEL,
    change: changeOf(values),
  }));
}
