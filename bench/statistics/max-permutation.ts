/**
 * Many figures, each sampled on two sides, tested at once for a difference. A sample is what is repeated: a run, or a block of one. Samples
 * are exchanged between the sides, each with all of its figures: what slowed a whole sample down moves all of its figures together in the
 * exchanged data, too, and the more figures are looked at, the larger the largest chance difference is expected to be. So the chance to
 * call any figure changed, when none has, stays below the level, however samples are distributed.
 * Source: P. H. Westfall, S. S. Young, Resampling-Based Multiple Testing, 1993 (the single-step maximum).
 */
import { shuffled } from './xorshift32.js';

/** A figure in each sample of two sides; null in a sample that lacks it. All figures have the same samples. */
export interface TwoSides {
  readonly earlier: readonly (number | null)[];
  readonly later: readonly (number | null)[];
}

/** Ways to exchange samples, beyond which some are drawn. */
const MOST_WAYS = 5000;
/** Of one figure, for a variance. */
const LEAST_SAMPLES = 2;

/** Welch's t, without its sign; 0 where there are too few samples to tell. `values`: about their mean, lest squares lose digits. */
function distance(values: readonly (number | null)[], isLater: readonly boolean[]): number {
  const [n, sum, squares] = [
    [0, 0],
    [0, 0],
    [0, 0],
  ] as [[number, number], [number, number], [number, number]];
  for (let i = 0; i < values.length; i++) {
    const one = values[i] ?? null;
    if (one === null) continue;
    const side = isLater[i] === true ? 1 : 0;
    n[side]++;
    sum[side] += one;
    squares[side] += one * one;
  }
  if (Math.min(n[0], n[1]) < LEAST_SAMPLES) return 0;
  const varianceOfMean = (side: 0 | 1): number =>
    Math.max(0, squares[side] - (sum[side] * sum[side]) / n[side]) / (n[side] - 1) / n[side];
  const difference = Math.abs(sum[1] / n[1] - sum[0] / n[0]);
  return difference === 0 ? 0 : difference / Math.sqrt(varianceOfMean(0) + varianceOfMean(1));
}

function aboutTheirMean(values: readonly (number | null)[]): (number | null)[] {
  const known = values.filter((one) => one !== null);
  const mean = known.reduce((sum, one) => sum + one, 0) / known.length;
  return values.map((one) => (one === null ? null : one - mean));
}

/** Ways to choose k of n; exact as long as it is small. */
export function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return Math.round(ways);
}

/** All ways to say which k of n samples are the later side's. */
function* everyWay(n: number, k: number, from = 0): Generator<boolean[]> {
  if (k === 0) {
    yield Array.from({ length: n }, () => false);
    return;
  }
  for (let first = from; first <= n - k; first++) {
    for (const way of everyWay(n, k - 1, first + 1)) {
      way[first] = true;
      yield way;
    }
  }
}

function* drawnWays(actual: readonly boolean[], random: () => number): Generator<readonly boolean[]> {
  yield actual;
  for (let i = 1; i < MOST_WAYS; i++) yield shuffled(actual, random);
}

/** The smallest adjusted p-value that this many samples can give: a difference of either sign, and none larger. */
export const smallestPossibleP = (earlier: number, later: number): number => {
  if (Math.min(earlier, later) < LEAST_SAMPLES) return 1;
  const mirrored = earlier === later ? 2 : 1;
  return mirrored / choose(earlier + later, later);
};

/**
 * For each figure the share of exchanges in which some figure differs at least as much as this one does, in its own standard errors:
 * a p-value, adjusted for the number of figures. `random` draws from [0, 1).
 */
export function adjustedPValues(figures: readonly TwoSides[], random: () => number): number[] {
  const pooled = figures.map(({ earlier, later }) => aboutTheirMean([...earlier, ...later]));
  const [first] = figures;
  if (first === undefined) return [];
  const actual = [...first.earlier.map(() => false), ...first.later.map(() => true)];
  const seen = pooled.map((values) => distance(values, actual));
  const atLeast = seen.map(() => 0);
  const samples = actual.length;
  const ways = choose(samples, first.later.length);
  let tried = 0;
  for (const way of ways <= MOST_WAYS ? everyWay(samples, first.later.length) : drawnWays(actual, random)) {
    tried++;
    const largest = Math.max(...pooled.map((values) => distance(values, way)));
    // The same sums in another order differ in their last digits.
    for (const [i, one] of seen.entries())
      if (largest >= one * (1 - 1e-9)) atLeast[i] = (atLeast[i] ?? 0) + 1;
  }
  return atLeast.map((count) => count / tried);
}
