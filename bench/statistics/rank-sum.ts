/**
 * Two independent sets of samples: by what one lies above the other, without assuming any distribution.
 */
import { median } from './median.js';

/**
 * How many of the ways to deal ranks out to n and m samples give each value of Mann and Whitney's U, 0 to n·m. Source: H. B. Mann,
 * D. R. Whitney, On a test of whether one of two random variables is stochastically larger than the other, 1947.
 */
function waysOfU(n: number, m: number): number[] {
  // ways[i][u]: with i samples of the first kind and the j of the second kind that were dealt out so far.
  let ways: number[][] = Array.from({ length: n + 1 }, () => [1]);
  for (let j = 1; j <= m; j++) {
    const next: number[][] = [[1]];
    for (let i = 1; i <= n; i++) {
      // The largest sample is of the first kind, and lies above j others; or it is of the second kind.
      const first = next[i - 1] as number[];
      const second = ways[i] as number[];
      next.push(Array.from({ length: i * j + 1 }, (_, u) => (first[u - j] ?? 0) + (second[u] ?? 0)));
    }
    ways = next;
  }
  return ways[n] as number[];
}

/** `coverage`: the probability that the true shift lies in [low, high]. */
export interface ShiftEstimate {
  readonly shift: number;
  readonly low: number;
  readonly high: number;
  readonly coverage: number;
}

/**
 * How far `later` lies above `earlier`: the median of all differences, with the narrowest interval of differences that covers at least
 * `wanted`; with too few samples for that, from the smallest to the largest. Throws RangeError if one of them is empty. Source: J. L. Hodges,
 * E. L. Lehmann, Estimates of location based on rank tests, 1963.
 */
export function estimateShift(
  earlier: readonly number[],
  later: readonly number[],
  wanted = 0.95,
): ShiftEstimate {
  const differences = earlier.flatMap((a) => later.map((b) => b - a)).sort((a, b) => a - b);
  const ways = waysOfU(earlier.length, later.length);
  const all = ways.reduce((sum, one) => sum + one, 0);
  // From the k-th smallest to the k-th largest misses the shift when U is below k at either end.
  let k = 1;
  let missed = 2 * (ways[0] as number);
  while (2 * (k + 1) <= differences.length && missed + 2 * (ways[k] as number) <= (1 - wanted) * all) {
    missed += 2 * (ways[k] as number);
    k++;
  }
  return {
    shift: median(differences),
    low: differences[k - 1] as number,
    high: differences[differences.length - k] as number,
    coverage: Math.max(0, 1 - missed / all),
  };
}

/** The probability that one of `later` lies above one of `earlier`, ties counting half: 0.5 where neither does more often. */
export function superiority(earlier: readonly number[], later: readonly number[]): number {
  const above = earlier.flatMap((a): number[] => later.map((b) => (b > a ? 1 : b === a ? 0.5 : 0)));
  return above.reduce((sum, one) => sum + one, 0) / above.length;
}
