/**
 * The median of few samples, and how sure it is, without assuming any distribution: lock timings are skewed, and some
 * have two peaks, so that a mean and a standard deviation would describe nothing.
 */

/** `coverage`: the probability that the true median lies in [low, high]. `kind`: "range" when that is below what was wanted, 95% as a rule. */
export interface MedianEstimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly coverage: number;
  readonly kind: 'interval' | 'range';
}

const WANTED_COVERAGE = 0.95;

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** The middle value, or the mean of the two middle ones. Throws RangeError for no values. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('at least one value was expected, got none');
  const sorted = ascending(values);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] as number;
  return Number.isInteger(middle) ? ((sorted[middle - 1] as number) + upper) / 2 : upper;
}

/**
 * Coverage of the interval from the k-th smallest to the k-th largest of n samples: each sample lies below the true
 * median with probability 1/2, so the interval misses it when fewer than k do, or fewer than k do not.
 */
export function orderStatisticCoverage(n: number, k: number): number {
  let tail = 0;
  let ways = 1;
  for (let below = 0; below < k; below++) {
    tail += ways;
    ways = (ways * (n - below)) / (below + 1);
  }
  return 1 - (2 * tail) / 2 ** n;
}

/**
 * The median with the narrowest order-statistic interval that covers at least `wanted`; with too few samples for that (less
 * than 6 for 95%) from the smallest to the largest, called a range. Source: Hahn and Meeker, Statistical Intervals, 5.2.
 */
export function estimateMedian(values: readonly number[], wanted = WANTED_COVERAGE): MedianEstimate {
  const sorted = ascending(values);
  const n = sorted.length;
  let k = 1;
  while (2 * (k + 1) <= n && orderStatisticCoverage(n, k + 1) >= wanted) k++;
  const coverage = orderStatisticCoverage(n, k);
  return {
    median: median(values),
    low: sorted[k - 1] as number,
    high: sorted[n - k] as number,
    coverage,
    kind: coverage >= wanted ? 'interval' : 'range',
  };
}
