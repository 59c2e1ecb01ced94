/**
 * Outliers are flagged, never dropped: a round that took three times as long is a fact about the machine.
 */

/** The quantile `p` of ascending values, between neighbours by linear interpolation. */
export function quantile(sorted: readonly number[], p: number): number {
  const at = (sorted.length - 1) * p;
  const low = sorted[Math.floor(at)] as number;
  const high = sorted[Math.ceil(at)] as number;
  return low + (high - low) * (at - Math.floor(at));
}

/** Indices of the values outside of Tukey's fences, 1.5 interquartile ranges beyond the quartiles. */
export function outliers(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const [q1, q3] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  const reach = 1.5 * (q3 - q1);
  return values.flatMap((value, i) => (value < q1 - reach || value > q3 + reach ? [i] : []));
}
