/**
 * The statistics against known answers, and against a second library on a few hundred arrays from a seeded generator.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as library from 'simple-statistics';
import { jainIndex } from '../../../bench/statistics/jain.js';
import { estimateMedian, median, orderStatisticCoverage } from '../../../bench/statistics/median.js';
import { outliers, quantile } from '../../../bench/statistics/outliers.js';
import { shuffled, xorshift32 } from '../../../bench/statistics/xorshift32.js';

const random = xorshift32(2026);
const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

/** Skewed as timings are, with ties, and now and then a far one. */
function timings(length: number): number[] {
  return Array.from({ length }, () => {
    const far = random() < 0.05 ? 50 : 1;
    return Math.round((100 - 40 * Math.log(1 - random())) * far);
  });
}

const arrays: readonly number[][] = Array.from({ length: 300 }, (_, i) => timings(1 + (i % 60)));
/** Lengths at which the quartiles are samples: there, all definitions of a quantile agree. */
const arraysWithQuartiles: readonly number[][] = Array.from({ length: 300 }, (_, i) =>
  timings(5 + 4 * (i % 12)),
);

function close(actual: number, expected: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, not ${expected}`,
  );
}

test('the median of an odd number of values is the middle one, of an even number the mean of two', () => {
  assert.equal(median([3]), 3);
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([10, 2, 9, 1]), 5.5);
});

test('values are compared as numbers, not as text', () => {
  assert.equal(median([10, 9, 100]), 10);
  assert.deepEqual(outliers([9, 10, 11, 10, 9, 100, 10]), [5]);
  const { low, high } = estimateMedian([10, 9, 100]);
  assert.deepEqual([low, high], [9, 100]);
});

test('the median of nothing is refused', () => {
  assert.throws(() => median([]), RangeError);
  assert.throws(() => estimateMedian([]), RangeError);
});

test('the median agrees with simple-statistics', () => {
  for (const values of arrays) close(median(values), library.median(values), JSON.stringify(values));
});

test('the statistics leave their input as it was', () => {
  const values = Object.freeze([3, 1, 2, 90, 5, 4, 2]);
  median(values);
  estimateMedian(values);
  outliers(values);
  assert.deepEqual(values, [3, 1, 2, 90, 5, 4, 2]);
});

test('coverage of the order statistics has its known values', () => {
  assert.equal(orderStatisticCoverage(6, 1), 0.96875);
  assert.equal(orderStatisticCoverage(5, 1), 0.9375);
  assert.equal(orderStatisticCoverage(8, 1), 1 - 2 / 256);
  assert.equal(orderStatisticCoverage(8, 2), 1 - 18 / 256);
  assert.equal(orderStatisticCoverage(2, 1), 0.5);
});

test('coverage agrees with sums of simple-statistics’ binomial distribution', () => {
  for (let n = 2; n <= 60; n++) {
    const probabilities = library.binomialDistribution(n, 0.5);
    assert.ok(probabilities !== undefined);
    for (let k = 1; 2 * k <= n; k++) {
      // The lower tail, twice: the library leaves out the end of the upper one.
      const tail = probabilities.slice(0, k).reduce((sum, p) => sum + p, 0);
      close(orderStatisticCoverage(n, k), 1 - 2 * tail, `n ${n}, k ${k}`);
    }
  }
});

test('coverage is right for as many rounds as may be asked for', () => {
  const n = 1000;
  let ways = 1n;
  let tail = 0n;
  for (let below = 0; below < n / 2; below++) {
    tail += ways;
    ways = (ways * BigInt(n - below)) / BigInt(below + 1);
    const digits = 10n ** 15n;
    const exact = 1 - Number((2n * tail * digits) / 2n ** BigInt(n)) / Number(digits);
    close(orderStatisticCoverage(n, below + 1), exact, `n ${n}, k ${below + 1}`);
  }
});

test('six values give their range as an interval of 96.9%', () => {
  assert.deepEqual(estimateMedian([60, 10, 50, 20, 40, 30]), {
    median: 35,
    low: 10,
    high: 60,
    coverage: 0.96875,
    kind: 'interval',
  });
});

test('five values are too few for 95%, so theirs is called a range', () => {
  assert.deepEqual(estimateMedian([5, 4, 3, 2, 1]), {
    median: 3,
    low: 1,
    high: 5,
    coverage: 0.9375,
    kind: 'range',
  });
});

test('one value and two values give a range that says how little it covers', () => {
  assert.deepEqual(estimateMedian([7]), { median: 7, low: 7, high: 7, coverage: 0, kind: 'range' });
  assert.deepEqual(estimateMedian([9, 7]), { median: 8, low: 7, high: 9, coverage: 0.5, kind: 'range' });
});

test('the interval is the narrowest that covers 95%', () => {
  const interval = (n: number): number[] => {
    const { low, high, coverage } = estimateMedian(shuffled(upTo(n), random));
    return [low, high, coverage];
  };
  assert.deepEqual(interval(8), [1, 8, 1 - 2 / 2 ** 8]);
  assert.deepEqual(interval(9), [2, 8, 1 - 20 / 2 ** 9]);
  assert.deepEqual(interval(20), [6, 15, 1 - (2 * 21_700) / 2 ** 20]);
  for (let n = 6; n <= 200; n++) {
    const { low: k, high, coverage } = estimateMedian(upTo(n));
    assert.equal(high, n + 1 - k, `as many left out below as above, n ${n}`);
    assert.ok(coverage >= 0.95, `n ${n} covers ${coverage}`);
    assert.ok(2 * (k + 1) > n || orderStatisticCoverage(n, k + 1) < 0.95, `n ${n} could be narrower`);
  }
});

test('the interval covers the true median as often as it says', () => {
  const trials = 20_000;
  let covered = 0;
  for (let i = 0; i < trials; i++) {
    const { low, high } = estimateMedian(Array.from({ length: 9 }, random));
    if (low <= 0.5 && 0.5 <= high) covered++;
  }
  // Five standard deviations of a share of 20 000 are 0.7%.
  assert.ok(Math.abs(covered / trials - orderStatisticCoverage(9, 2)) < 0.007, `covered ${covered}`);
});

test('quantiles between two samples are interpolated', () => {
  assert.equal(quantile([1, 2, 3, 4], 0.25), 1.75);
  assert.equal(quantile([1, 2, 3, 4], 0.75), 3.25);
  assert.equal(quantile([10, 20], 0.9), 19);
  assert.equal(quantile([5], 0.3), 5);
});

test('quantiles agree with simple-statistics wherever the definitions do', () => {
  for (const values of arrays) {
    const sorted = ascending(values);
    for (const p of [0, 0.5, 1]) close(quantile(sorted, p), library.quantile(values, p), `${p} of ${sorted}`);
  }
  for (const values of arraysWithQuartiles) {
    const sorted = ascending(values);
    for (const p of [0.25, 0.75]) {
      close(quantile(sorted, p), library.quantile(values, p), `${p} of ${sorted}`);
    }
  }
});

test('an outlier lies beyond Tukey’s fences, not on them', () => {
  assert.deepEqual(outliers([0, 1, 2, 3, 6]), []);
  assert.deepEqual(outliers([0, 1, 2, 3, 6.01]), [4]);
  assert.deepEqual(outliers([4, 3, -2, 2, 1]), []);
  assert.deepEqual(outliers([4, 3, -2.01, 2, 1]), [2]);
  assert.deepEqual(outliers([7, 7, 7, 7, 7]), []);
  assert.deepEqual(outliers([1]), []);
  assert.deepEqual(outliers([]), []);
});

test('outliers are named by their place in the unsorted values, which all are kept', () => {
  assert.deepEqual(outliers([100, 11, 10, -80, 12, 11, 10, 11, 12]), [0, 3]);
});

test('outliers are those that simple-statistics’ quartiles tell', () => {
  let found = 0;
  for (const values of arraysWithQuartiles) {
    const [q1, q3] = [library.quantile(values, 0.25), library.quantile(values, 0.75)];
    const inside = (value: number): boolean => value >= q1 - 1.5 * (q3 - q1) && value <= q3 + 1.5 * (q3 - q1);
    const expected = [...values.keys()].filter((i) => !inside(values[i] ?? Number.NaN));
    assert.deepEqual(outliers(values), expected, JSON.stringify(values));
    found += expected.length;
  }
  assert.ok(found > 100, `the arrays held ${found} outliers`);
});

test('Jain’s index is 1 for equal shares, 1/n when one has everything, and between for others', () => {
  assert.equal(jainIndex([5, 5, 5, 5]), 1);
  assert.equal(jainIndex([0, 12, 0, 0]), 1 / 4);
  assert.equal(jainIndex([8, 8, 0, 0]), 1 / 2);
  assert.equal(jainIndex([1, 2, 3]), 6 / 7);
  assert.equal(jainIndex([3]), 1);
  assert.equal(jainIndex([0, 0]), 1);
});

test('Jain’s index follows from mean and variance, and heeds neither scale nor order', () => {
  for (const values of arrays) {
    const index = jainIndex(values);
    const spread = library.variance(values) / library.mean(values) ** 2;
    close(index, 1 / (1 + spread), JSON.stringify(values));
    const scaled = shuffled(values, random).map((value) => 3 * value);
    close(jainIndex(scaled), index, JSON.stringify(values));
  }
});
