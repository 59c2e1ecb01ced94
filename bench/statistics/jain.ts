/**
 * Jain's fairness index. Source: R. Jain, D. Chiu, W. Hawe, A Quantitative Measure of Fairness, 1984.
 */

/** (Σx)² / (n Σx²): 1 when all shares are equal, 1/n when one has everything; 1 when nobody had anything. */
export function jainIndex(shares: readonly number[]): number {
  const sum = shares.reduce((a, b) => a + b, 0);
  const squares = shares.reduce((a, b) => a + b * b, 0);
  return squares === 0 ? 1 : (sum * sum) / (shares.length * squares);
}
