/**
 * Samples of another language's worker, summed up.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figuresOf } from '../../../bench/pairs/foreign-pair.js';

test('median, mean, its margin and the 99th percentile', () => {
  const figures = figuresOf([10, 12, 11, 13, 9, 10, 11, 12, 10, 12], 10);
  assert.deepEqual([figures.samples, figures.medianNs, figures.meanNs, figures.p99Ns], [10, 11, 11, 13]);
  // Student's bound for 9 degrees of freedom is 2.262; the variance is 14 / 9.
  assert.ok(Math.abs(figures.marginNs - 2.262 * Math.sqrt(14 / 9 / 10)) < 0.003);
});

for (const ns of [[], [1, 2], [1, 2, -3], [1, 2, Number.NaN], 'fast' as unknown as number[]]) {
  test(`${JSON.stringify(ns)} are not three times`, () => {
    assert.throws(() => figuresOf(ns, 3), /3 times in ns were expected/);
  });
}
