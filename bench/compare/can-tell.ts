/**
 * Whether runs can tell a changed lock from runs that differ as wholes. The scatter of rounds says nothing of how runs differ, so the run
 * is what is exchanged between the two sides: with few runs no exchange is rare enough, and runs that were not made in turn
 * were made on a machine that may have changed in between, as every run before the change was.
 */
import { smallestPossibleP } from '../statistics/max-permutation.js';

/** A difference that chance makes in fewer comparisons than this share is called one. */
export const LEVEL = 0.05;

/** Of one side, between two of the other side. */
const MOST_IN_A_ROW = 2;

/** Whether at most two runs of a side follow each other. By the times at which they started, in ISO 8601. */
export function areInTurn(earlier: readonly string[], later: readonly string[]): boolean {
  const sides = [
    ...earlier.map((at) => ({ at, isLater: false })),
    ...later.map((at) => ({ at, isLater: true })),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  let inARow = 0;
  return sides.every(({ isLater }, i) => {
    inARow = isLater === sides[i - 1]?.isLater ? inARow + 1 : 1;
    return inARow <= MOST_IN_A_ROW;
  });
}

/** Whether samples of two sides, blocks or runs, can be exchanged in ways enough for the level. */
export const areEnough = (earlier: number, later: number): boolean =>
  smallestPossibleP(earlier, later) <= LEVEL;
