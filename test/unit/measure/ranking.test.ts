/**
 * Ranks and widths, on cells made by hand.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MeasuredCell } from '../../../bench/measure/result/result-schema.js';
import { isNarrow, ties } from '../../../bench/measure/verdict/ranking.js';
import { measuredCell, timingRound, unmeasuredCell } from '../../support/made-cells.js';

const BLOCKS = 6;

/** A cell whose cost in each block is that of the block, times a factor; a few blocks may differ. */
const times = (strategy: string, factor: number, ...differing: readonly number[]): MeasuredCell =>
  measuredCell(strategy, {
    costsNs: Array.from({ length: BLOCKS }, (_, block) => 100 * (1 + block) * (differing[block] ?? factor)),
  });

const namesOf = (groups: readonly (readonly MeasuredCell[])[]): string[][] =>
  groups.map((group) => group.map(({ strategy }) => strategy));

test('cells whose ratio may be 1 are one group, others have an order', () => {
  const cells = [times('a', 1), times('b', 1.01, 0.99), times('c', 1.5), times('d', 1.5, 1.49)];
  assert.deepEqual(namesOf(ties(cells)), [
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

test('an order is one in whichever order it is asked for', () => {
  assert.deepEqual(namesOf(ties([times('a', 1), times('b', 1.5)])), [['a'], ['b']]);
  assert.deepEqual(namesOf(ties([times('b', 1.5), times('a', 1)])), [['b'], ['a']]);
});

test('what slows a whole block down makes no tie: cells are compared within blocks', () => {
  // Each cell's own cost ranges from 100 to 618, and yet every block has the same order.
  assert.deepEqual(namesOf(ties([times('a', 1), times('b', 1.03)])), [['a'], ['b']]);
});

test('a group holds what cannot be told from its first, not from its last', () => {
  const a = times('a', 1);
  const b = times('b', 1.02, 0.99);
  const c = times('c', 1.03, 1.01, 1.01);
  assert.deepEqual(namesOf(ties([b, c])), [['b', 'c']]);
  assert.deepEqual(namesOf(ties([a, b, c])), [['a', 'b'], ['c']]);
});

test('a ratio whose bound is 1 contains 1', () => {
  assert.deepEqual(namesOf(ties([times('a', 1), times('b', 1.1, 1)])), [['a', 'b']]);
});

test('cells that no block measured both have no tie, and nothing has no groups', () => {
  const late = { ...measuredCell('late', { costsNs: [100] }), rounds: [timingRound(1, 100)] };
  assert.deepEqual(namesOf(ties([measuredCell('early', { costsNs: [100] }), late])), [['early'], ['late']]);
  assert.deepEqual(ties([]), []);
  assert.deepEqual(namesOf(ties([times('alone', 1)])), [['alone']]);
});

const spread = (...costsNs: readonly number[]): MeasuredCell => measuredCell('a', { costsNs });

test('a cell is narrow when neither bound is further from the median than the share', () => {
  const cell = spread(95, 100, 100, 100, 100, 100, 100, 104);
  assert.equal(isNarrow([cell], 0.05), true);
  assert.equal(isNarrow([cell], 0.049), false, 'the lower bound is 5% away');
  assert.equal(
    isNarrow([spread(99, 100, 100, 100, 100, 100, 100, 110)], 0.05),
    false,
    'the upper bound is 10% away',
  );
});

test('the widest cell decides', () => {
  const narrow = spread(100, 100, 100, 100, 100, 100, 100, 101);
  const wide = spread(50, 100, 100, 100, 100, 100, 100, 150);
  assert.equal(isNarrow([narrow, narrow], 0.01), true);
  assert.equal(isNarrow([narrow, wide], 0.01), false);
  assert.equal(isNarrow([wide, narrow], 0.01), false);
});

test('a range is never narrow, however close its rounds: seven blocks cover less than 99%', () => {
  assert.equal(isNarrow([spread(100, 100, 100, 100, 100, 100, 100)], 1), false);
  assert.equal(isNarrow([spread(100)], 1), false);
  assert.equal(isNarrow([spread(100, 100, 100, 100, 100, 100, 100, 100)], 0.0001), true);
});

test('cells that failed or were not measured need not become narrow', () => {
  const wide = { costsNs: [1, 100] };
  const failed = measuredCell('none', { ...wide, verdict: { sequence: 'lost-updates', lost: 9 } });
  const cells = [failed, unmeasuredCell('a', 'timed-out'), unmeasuredCell('b', 'unavailable')];
  assert.equal(isNarrow(cells, 0.01), true);
  assert.equal(isNarrow([...cells, measuredCell('fcntl', wide)], 0.01), false);
});
