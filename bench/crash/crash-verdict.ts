/**
 * What the time line of a crash says. All of it comes from the stamps and from the number in the file; nothing is asked
 * of the strategy but what it inherited.
 */

import { intervalsOf, timeHeldTwice } from '../scenario/intervals.js';
import { HOLDER, judgeNumber, overtakers } from '../scenario/overtaking.js';
import type { Step, What } from '../scenario/steps-schema.js';
import { type CrashEvent, DYING, type Dying } from './crash-events.js';
import type { PlayedCrash } from './crash-schema.js';

/** The step by which each event strikes. */
const STRIKES: Readonly<Record<CrashEvent, What>> = {
  kill: 'killed',
  exception: 'threw',
  exit: 'exited',
  return: 'returned',
  stop: 'stopped',
  close: 'touches',
  unlink: 'removed-names',
};

export type CrashVerdict = Pick<
  PlayedCrash,
  'outcome' | 'eventNs' | 'afterNs' | 'firstIn' | 'heldTwiceNs' | 'number' | 'served' | 'errors'
>;

export const isDying = (event: CrashEvent): event is Dying => DYING.some((one) => one === event);

export function strikeOf(steps: readonly Step[], event: CrashEvent): number | null {
  return steps.find(({ what }) => what === STRIKES[event])?.atNs ?? null;
}

/**
 * Judges a scenario from its steps, in the order of time, and the number that stands in the file at its end. Throws an
 * Error if the event did not take place.
 */
export function judgeCrash(event: CrashEvent, steps: readonly Step[], final: number): CrashVerdict {
  const eventNs = strikeOf(steps, event);
  if (eventNs === null) throw new Error(`${event}: the event was expected among the steps`);
  const others = steps.filter(({ participant, what }) => participant !== HOLDER && what === 'got-in');
  const first = others.find(({ atNs }) => atNs >= eventNs);

  const outcome = (): PlayedCrash['outcome'] => {
    // What was so before is not the event's doing.
    if (others.some(({ atNs }) => atNs < eventNs)) return 'not-excluded';
    if (isDying(event)) return first === undefined ? 'stuck' : (first.recovery ?? 'released');
    return overtakers(steps, eventNs).length > 0 ? 'overtaken' : 'kept';
  };
  return {
    outcome: outcome(),
    eventNs,
    afterNs: first === undefined ? null : first.atNs - eventNs,
    firstIn: first?.participant ?? null,
    heldTwiceNs: timeHeldTwice(intervalsOf(steps)),
    number: judgeNumber(steps, final),
    served: new Set(others.map(({ participant }) => participant)).size,
    errors: steps.flatMap(({ participant, what, error }) =>
      what === 'failed' && error !== undefined ? [{ participant, error }] : [],
    ),
  };
}
