/**
 * How large a change of one lock must be for `compare` to call it, on a made-up machine whose runs differ.
 */
import { areEnough, LEVEL } from '../../compare/can-tell.js';
import { adjustedPValues } from '../../statistics/max-permutation.js';
import { xorshift32 } from '../../statistics/xorshift32.js';
import { figuresOfRuns } from './made-up-runs.js';
import { runsDiffer } from './noise-models.js';

/** A change is one that can be told if this share of comparisons calls it. */
export const POWER = 0.8;
const TRIES = 300;
const SEED = 19;
/** Of logarithms: what lies above is more than half as much again, and then twice or more. */
const MOST = Math.log(4);
const STEPS = 8;

export interface Design {
  readonly earlier: number;
  readonly later: number;
  /** Of each run. */
  readonly rounds: number;
}

/** In which share of the comparisons the first cell, having become more expensive by `change`, is called so. */
function calledShare({ earlier, later, rounds }: Design, change: number): number {
  const random = xorshift32(SEED);
  let called = 0;
  for (let i = 0; i < TRIES; i++) {
    const figures = figuresOfRuns(runsDiffer, { runs: earlier + later, rounds }, random).map(
      (costs, cell) => ({
        earlier: costs.slice(0, earlier),
        later: costs.slice(earlier).map((one) => one + (cell === 0 ? change : 0)),
      }),
    );
    if ((adjustedPValues(figures, random)[0] ?? 1) <= LEVEL) called++;
  }
  return called / TRIES;
}

/** The smallest factor that is called in at least POWER of the comparisons; null: none ever is. */
export function smallestFactor(design: Design): number | null {
  if (!areEnough(design.earlier, design.later)) return null;
  let [low, high] = [0, MOST];
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (calledShare(design, middle) >= POWER) high = middle;
    else low = middle;
  }
  return Math.exp(high);
}
