import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateShift, superiority } from '../../../bench/statistics/rank-sum.js';

test('the shift is the median of all differences, its interval what the table of U gives', () => {
  const earlier = [1, 2, 3, 4, 5, 6];
  const later = earlier.map((one) => one + 10);
  const { shift, low, high, coverage } = estimateShift(earlier, later);
  assert.equal(shift, 10);
  // Mann and Whitney's table: with 6 and 6 samples U is below 6 with probability 19/924 at either end.
  assert.equal(coverage, 1 - 38 / 924);
  const differences = earlier.flatMap((a) => later.map((b) => b - a)).sort((a, b) => a - b);
  assert.equal(low, differences[5]);
  assert.equal(high, differences[30]);
});

test('three and three samples cover 90% at most, which is said', () => {
  const { low, high, coverage } = estimateShift([1, 2, 3], [2, 4, 9]);
  assert.deepEqual([low, high], [-1, 8]);
  assert.equal(coverage, 1 - 2 / 20);
});

test('one and one sample cover nothing', () => {
  assert.deepEqual(estimateShift([1], [3]), { shift: 2, low: 2, high: 2, coverage: 0 });
});

test('superiority counts pairs, and a tie as half of one', () => {
  assert.equal(superiority([1, 2], [3, 4]), 1);
  assert.equal(superiority([3, 4], [1, 2]), 0);
  assert.equal(superiority([1, 2], [2, 3]), 3.5 / 4);
});
