/**
 * What a noisy machine leaves in doubt: differences as large as its own, and no others.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDoubtful } from '../../../bench/measure/verdict/trust.js';
import { estimateMedian } from '../../../bench/statistics/median.js';

const around = (factor: number) => estimateMedian([0.98, 0.99, 1, 1, 1.01, 1.02].map((one) => one * factor));

test('a difference up to the machine’s own is doubtful in either direction, a larger one is not', () => {
  assert.ok(isDoubtful(around(1.5), 1.6));
  assert.ok(isDoubtful(around(1 / 1.5), 1.6));
  assert.ok(!isDoubtful(around(1.7), 1.6));
  assert.ok(!isDoubtful(around(1 / 1.7), 1.6));
});

test('on a quiet machine nothing is doubtful, and what claims no difference never is', () => {
  assert.ok(!isDoubtful(around(1.05), 1));
  assert.ok(!isDoubtful(around(1), 3), 'it may be 1, and says so');
  assert.ok(!isDoubtful(estimateMedian([1.5, 1.5]), 3), 'two rounds say nothing');
});
