/**
 * Bounds for who goes on until they are narrow. Looking after each block, one stops when chance has drawn the samples close,
 * and a machine that stays in one of two states for some rounds draws them close by itself. So these bounds are made for being
 * looked at: of 99% instead of 95%; wider the more a round resembles the one before it; and narrow not once, but in each look
 * of the last third of the run. `npm run bench:coverage` shows how many of such runs cover the true median.
 */
import { type MedianEstimate, median, orderStatisticCoverage } from './median.js';
import { relativeHalfWidth } from './paired-ratio.js';

const LOOKED_AT = 0.99;
/** What is promised of them. */
const PROMISED = 0.95;
/** Twelve rounds in a row are seldom in one of two states that a machine is in for some. */
const LEAST_ROUNDS = 12;
/** Bounds stay narrow until there are half as many rounds again. */
const CONFIRMED_BY = 1.5;
/** With more of it, no number of rounds that anybody waits for says anything. */
const MOST_RESEMBLANCE = 0.9;

/** How much a sample resembles the one before it: the correlation of the sides of the median that they lie on, from 0 on. */
function resemblance(values: readonly number[], middle: number): number {
  const sides = values.map((one) => Math.sign(one - middle));
  const own = sides.filter((side) => side !== 0).length;
  const both = sides.reduce((sum, side, i) => sum + (i === 0 ? 0 : side * (sides[i - 1] as number)), 0);
  return own === 0 ? 0 : Math.min(MOST_RESEMBLANCE, Math.max(0, both / own));
}

/** The estimate of a run that looked after each block; `values` in the order in which they were measured. */
export function estimateLookedAt(values: readonly number[]): MedianEstimate {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const middle = median(values);
  let k = 1;
  while (2 * (k + 1) <= n && orderStatisticCoverage(n, k + 1) >= LOOKED_AT) k++;
  const alike = resemblance(values, middle);
  const fromMiddle = ((n + 1) / 2 - k) * Math.sqrt((1 + alike) / (1 - alike));
  const rank = Math.floor((n + 1) / 2 - fromMiddle);
  const isInside = rank >= 1 && orderStatisticCoverage(n, k) >= LOOKED_AT;
  const chosen = Math.max(1, rank);
  const bounds = { median: middle, low: sorted[chosen - 1] as number, high: sorted[n - chosen] as number };
  // Where even the smallest and the largest may not reach so far, they are a range, as that of too few rounds.
  const coverage = Math.min(PROMISED, orderStatisticCoverage(n, 1));
  return isInside
    ? { ...bounds, coverage: PROMISED, kind: 'interval' }
    : { ...bounds, coverage, kind: 'range' };
}

function isNarrow(values: readonly number[], share: number): boolean {
  const estimate = estimateLookedAt(values);
  return estimate.kind === 'interval' && relativeHalfWidth(estimate) <= share;
}

/** Whether no bound has lain further from its median than `share` since there were two thirds as many samples. */
export function isNarrowEnough(values: readonly number[], share: number): boolean {
  const since = Math.floor(values.length / CONFIRMED_BY);
  if (since < LEAST_ROUNDS) return false;
  for (let length = values.length; length >= since; length--) {
    if (!isNarrow(values.slice(0, length), share)) return false;
  }
  return true;
}
