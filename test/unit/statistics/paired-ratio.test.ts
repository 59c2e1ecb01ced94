/**
 * Comparisons against known answers, and against the rate of false alarms that they promise.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateMedian, orderStatisticCoverage } from '../../../bench/statistics/median.js';
import { compareByBlock, relativeHalfWidth } from '../../../bench/statistics/paired-ratio.js';
import { xorshift32 } from '../../../bench/statistics/xorshift32.js';

const byBlock = (...values: readonly number[]): Map<number, number> => new Map(values.entries());

test('what slowed a whole block down cancels out', () => {
  const compared = compareByBlock(
    byBlock(200, 600, 240, 2000, 180, 220),
    byBlock(100, 300, 120, 1000, 90, 110),
  );
  assert.deepEqual(compared, {
    ratio: { median: 2, low: 2, high: 2, coverage: 0.96875, kind: 'interval' },
    distinguishable: true,
  });
});

test('ratios are made of the blocks that have both, in whatever order they came', () => {
  const samples = new Map([
    [4, 400],
    [0, 30],
    [7, 999],
    [2, 50],
  ]);
  const to = new Map([
    [2, 10],
    [9, 1],
    [4, 100],
    [0, 10],
  ]);
  assert.deepEqual(compareByBlock(samples, to)?.ratio, estimateMedian([4, 3, 5]));
});

test('without a block in common there is nothing to compare', () => {
  assert.equal(compareByBlock(new Map([[0, 1]]), new Map([[1, 1]])), null);
  assert.equal(compareByBlock(new Map(), new Map()), null);
});

test('two cells are distinguishable if the interval lies above 1 or below, and not if it holds or touches 1', () => {
  const distinguishable = (...ratios: readonly number[]): boolean | undefined =>
    compareByBlock(byBlock(...ratios), byBlock(...ratios.map(() => 1)))?.distinguishable;
  assert.equal(distinguishable(1.01, 1.02, 1.03, 1.04, 1.05, 1.06), true);
  assert.equal(distinguishable(0.91, 0.92, 0.93, 0.94, 0.95, 0.96), true);
  assert.equal(distinguishable(0.99, 1.02, 1.03, 1.04, 1.05, 1.06), false);
  assert.equal(distinguishable(0.91, 0.92, 0.93, 0.94, 0.95, 1.01), false);
  assert.equal(distinguishable(1, 1.02, 1.03, 1.04, 1.05, 1.06), false);
  assert.equal(distinguishable(0.91, 0.92, 0.93, 0.94, 0.95, 1), false);
  assert.equal(distinguishable(1, 1, 1, 1, 1, 1), false);
});

test('five blocks distinguish nothing, however far apart the two are', () => {
  assert.equal(compareByBlock(byBlock(9, 9, 9, 9, 9), byBlock(1, 1, 1, 1, 1))?.distinguishable, false);
});

/** In what share of simulated runs two cells are called distinguishable, of which one takes `times` as long. */
function shareDistinguished(blocks: number, times: number, random: () => number): number {
  const runs = 20_000;
  let distinguished = 0;
  for (let run = 0; run < runs; run++) {
    // Both suffer from the block's speed, and each by itself, skewed as timings are.
    const speed = Array.from({ length: blocks }, () => 1 + random());
    const cell = (factor: number) =>
      byBlock(...speed.map((slow) => factor * slow * (100 - 10 * Math.log(1 - random()))));
    if (compareByBlock(cell(times), cell(1))?.distinguishable === true) distinguished++;
  }
  return distinguished / runs;
}

test('equal cells are called distinguishable as often as the interval misses, which is less than 5%', () => {
  const random = xorshift32(31);
  // 9 blocks leave one out at each end.
  for (const [blocks, k] of [
    [6, 1],
    [9, 2],
  ] as const) {
    const missed = 1 - orderStatisticCoverage(blocks, k);
    const share = shareDistinguished(blocks, 1, random);
    // Five standard deviations of a share of 20 000 are 0.7%.
    assert.ok(Math.abs(share - missed) < 0.007, `${blocks} blocks: ${share}, not ${missed}`);
    assert.ok(share < 0.05, `${blocks} blocks: ${share}`);
  }
});

test('cells that differ by more than the noise are told apart in most runs', () => {
  const share = shareDistinguished(6, 1.3, xorshift32(32));
  assert.ok(share > 0.8, `${share}`);
});

test('the half width is the distance to the farther bound, as a share of the median', () => {
  const estimate = { coverage: 0.96875, kind: 'interval' } as const;
  assert.equal(relativeHalfWidth({ ...estimate, median: 100, low: 95, high: 102 }), 0.05);
  assert.equal(relativeHalfWidth({ ...estimate, median: 200, low: 199, high: 250 }), 0.25);
  assert.equal(relativeHalfWidth({ ...estimate, median: 7, low: 7, high: 7 }), 0);
});
