/**
 * Bounds that are looked at after each block.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateMedian } from '../../../bench/statistics/median.js';
import { estimateLookedAt, isNarrowEnough } from '../../../bench/statistics/until-narrow.js';
import { wilson } from '../../../bench/statistics/wilson.js';

const alternating = (n: number): number[] => Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 100 : 104));

test('bounds are those of 99% and promise 95%; the more rounds resemble the one before, the wider', () => {
  const mixed = [1, 40, 2, 39, 3, 38, 4, 37, 5, 36, 6, 35, 7, 34, 8, 33, 9, 32, 10, 31];
  const { low, high } = estimateMedian(mixed, 0.99);
  assert.deepEqual(estimateLookedAt(mixed), { median: 20.5, low, high, coverage: 0.95, kind: 'interval' });
  const drifting = [...mixed].sort((a, b) => a - b);
  const wider = estimateLookedAt(drifting);
  assert.ok(wider.low < low && wider.high > high);
  assert.equal(wider.kind, 'range', 'so alike that even the extremes do not reach');
});

test('too few rounds are a range from the smallest to the largest', () => {
  assert.deepEqual(estimateLookedAt([3, 1, 2]), {
    median: 2,
    low: 1,
    high: 3,
    coverage: 0.75,
    kind: 'range',
  });
  assert.equal(estimateLookedAt([5]).kind, 'range');
});

test('narrow once is not enough: bounds have to stay so until there are half as many rounds again', () => {
  assert.equal(isNarrowEnough(alternating(17), 0.05), false);
  assert.equal(isNarrowEnough(alternating(18), 0.05), true);
  assert.equal(isNarrowEnough(alternating(18), 0.03), false);
  // Wide at first: of the looks since two thirds, those in the beginning were wide, too.
  const settled = [...Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 50 : 200)), ...alternating(12)];
  assert.equal(isNarrowEnough(settled, 0.05), false);
});

test('Wilson’s interval', () => {
  const [low, high] = wilson(10, 100);
  assert.deepEqual([low.toFixed(4), high.toFixed(4)], ['0.0552', '0.1744']);
  assert.deepEqual(
    wilson(0, 10).map((one) => one.toFixed(3)),
    ['0.000', '0.278'],
  );
});
