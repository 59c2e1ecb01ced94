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
  const b = times('b', 1.02, 1.05, 0.99);
  const c = times('c', 1.03);
  assert.deepEqual(namesOf(ties([b, c])), [['b', 'c']]);
  assert.deepEqual(namesOf(ties([a, b, c])), [['a', 'b'], ['c']]);
});

test('a group is judged by its own first, though its cells are told from the first of all', () => {
  const a = times('a', 1, 1, 1.01, 0.99, 1.02, 0.98, 1);
  const b = times('b', 2, 2, 2.02, 1.97, 2.03, 1.99, 2.01);
  const c = times('c', 2, 2.01, 1.99, 2, 2.02, 1.98, 2.03);
  assert.deepEqual(namesOf(ties([a, b, c])), [['a'], ['b', 'c']]);
  assert.deepEqual(namesOf(ties([a, c])), [['a'], ['c']]);
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

/** As many as it takes to be narrow: what differs, each of them after some that do not, since a cluster would count as drift. */
const ROUNDS = 18;
const mostly = (...differing: readonly number[]): MeasuredCell =>
  spread(...Array.from({ length: ROUNDS }, (_, i) => (i % 2 === 0 ? (differing[i / 2] ?? 100) : 100)));

test('a cell is narrow when neither bound is further from the median than the share', () => {
  // Of 12 to 18 rounds the bounds of 99% leave one to three out at each end.
  const low = mostly(90, 90, 90, 90);
  assert.equal(isNarrow([low], 0.1), true);
  assert.equal(isNarrow([low], 0.099), false, 'the lower bound is 10% away');
  assert.equal(isNarrow([mostly(110, 110, 110, 110)], 0.099), false, 'the upper bound is 10% away');
});

test('the widest cell decides', () => {
  const narrow = mostly(101);
  const wide = mostly(50, 150, 50, 150, 50, 150, 50, 150);
  assert.equal(isNarrow([narrow, narrow], 0.01), true);
  assert.equal(isNarrow([narrow, wide], 0.01), false);
  assert.equal(isNarrow([wide, narrow], 0.01), false);
});

test('few rounds are never narrow, however close they are', () => {
  for (const rounds of [1, 7, 8, 12, ROUNDS - 1])
    assert.equal(isNarrow([spread(...Array.from({ length: rounds }, () => 100))], 1), false, `${rounds}`);
  assert.equal(isNarrow([mostly()], 0.0001), true);
});

test('cells that failed or were not measured need not become narrow', () => {
  const wide = { costsNs: [1, 100] };
  const failed = measuredCell('none', { ...wide, verdict: { sequence: 'lost-updates', lost: 9 } });
  const cells = [failed, unmeasuredCell('a', 'timed-out'), unmeasuredCell('b', 'unavailable')];
  assert.equal(isNarrow(cells, 0.01), true);
  assert.equal(isNarrow([...cells, measuredCell('fcntl', wide)], 0.01), false);
});
