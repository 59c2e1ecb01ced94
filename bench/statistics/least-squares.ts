/**
 * A straight line through points, by least squares: y = intercept + slope × x, with the sum of the squared residuals as
 * small as it can be. Source: Draper and Smith, Applied Regression Analysis, chapter 1.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly intercept: number;
  readonly slope: number;
}

/** The line's y at `x`. */
export const lineAt = ({ intercept, slope }: Line, x: number): number => intercept + slope * x;

/** The line, or null if all points have the same x, or if there are none: then every slope fits as well. */
export function fitLine(points: readonly Point[]): Line | null {
  const n = points.length;
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / n;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / n;
  // About the means: with x of many digits the plain sums of products would lose what makes the difference.
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  if (!(spread > 0)) return null;
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
  return { intercept: meanY - slope * meanX, slope };
}
