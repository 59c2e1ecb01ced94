/**
 * Who was inside when, by the stamps of the processes themselves: taken after the lock was got and before it is given
 * back, so that two that overlap by their stamps did overlap.
 */

/** From `fromNs` on, up to but without `toNs`. */
export interface Interval {
  readonly participant: string;
  readonly shared: boolean;
  readonly fromNs: number;
  readonly toNs: number;
}

const ENDS: readonly What[] = ['leaves', 'killed', 'threw', 'exited', 'returned'];

/** The intervals that these steps tell of, in the order of time. Who did not leave was inside until the last step. */
export function intervalsOf(steps: readonly Step[]): Interval[] {
  const lastNs = Math.max(0, ...steps.map(({ atNs }) => atNs));
  return steps
    .filter(({ what }) => what === 'got-in')
    .map(({ participant, atNs, shared }) => {
      const end = steps.find(
        (step) => step.participant === participant && step.atNs >= atNs && ENDS.includes(step.what),
      );
      return { participant, shared: shared === true, fromNs: atNs, toNs: end?.atNs ?? lastNs };
    })
    .sort((a, b) => a.fromNs - b.fromNs);
}

/** For how long, in ns, there was somebody inside whom the lock should have kept out. 0: it excluded. */
export function timeHeldTwice(intervals: readonly Interval[]): number {
  const bounds = [...new Set(intervals.flatMap(({ fromNs, toNs }) => [fromNs, toNs]))].sort((a, b) => a - b);
  let total = 0;
  bounds.slice(1).forEach((end, i) => {
    const begin = bounds[i] ?? end;
    const inside = intervals.filter(({ fromNs, toNs }) => fromNs <= begin && end <= toNs);
    if (inside.length > 1 && inside.some(({ shared }) => !shared)) total += end - begin;
  });
  return total;
}

import type { Step, What } from './steps-schema.js';
