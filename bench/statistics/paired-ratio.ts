/**
 * Two cells compared, block by block: what slowed a whole block down slowed both, and cancels out in their ratio.
 */
import { estimateMedian, type MedianEstimate } from './median.js';

/** A cell's figure in each block that measured it, ns, above 0. */
export type SamplesByBlock = ReadonlyMap<number, number>;

export interface Comparison {
  /** How many times as long as the other: the median over the blocks that have both. */
  readonly ratio: MedianEstimate;
  /**
   * Whether the ratio's interval covers at least 95% and leaves 1 out. If not, no order of the two was shown, nor that
   * they are equal. Fewer than six blocks distinguish nothing.
   */
  readonly distinguishable: boolean;
}

/** Compares a cell to another one. Null if no block measured both. */
export function compareByBlock(samples: SamplesByBlock, to: SamplesByBlock): Comparison | null {
  const ratios = [...samples].flatMap(([block, ns]) => {
    const other = to.get(block);
    return other === undefined ? [] : [ns / other];
  });
  if (ratios.length === 0) return null;
  const ratio = estimateMedian(ratios);
  const { kind, low, high } = ratio;
  return { ratio, distinguishable: kind === 'interval' && (low > 1 || high < 1) };
}

/**
 * How far the farther bound lies from the median, as a share of the median, which must be above 0. Says nothing about
 * coverage: of one sample it is 0, so ask for the kind "interval" too.
 */
export function relativeHalfWidth({ median, low, high }: MedianEstimate): number {
  return Math.max(high - median, median - low) / median;
}
