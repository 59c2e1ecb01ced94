/**
 * What the time line of a fault says. All of it comes from the stamps, one clock for all hosts, and from the number in
 * the file on the server.
 */

import { intervalsOf, timeHeldTwice } from '../../scenario/intervals.js';
import { HOLDER, judgeNumber, overtakers } from '../../scenario/overtaking.js';
import type { Step, What } from '../../scenario/steps-schema.js';
import { type FaultName, faultOf } from './fault-names.js';
import type { PlayedFault } from './faults-schema.js';

/** Asks for a lock that nobody holds: in the scenario, but of another lock. */
export const BYSTANDER = 'bystander';

const MENDS: readonly What[] = ['healed', 'booted', 'server-started'];

export type FaultVerdict = Omit<
  PlayedFault,
  'strategy' | 'wait' | 'version' | 'fault' | 'state' | 'timeline'
>;

/**
 * Judges a fault from its steps, in the order of time, and the number that stands in the file at its end. Throws an Error
 * if the fault did not take place.
 */
export function judgeFault(fault: FaultName, all: readonly Step[], final: number): FaultVerdict {
  const steps = all.filter(({ participant }) => participant !== BYSTANDER);
  const atNs = (whats: readonly What[], participant?: string): number | null =>
    all.find((step) => whats.includes(step.what) && (participant ?? step.participant) === step.participant)
      ?.atNs ?? null;
  const faultNs = atNs([faultOf(fault).strikesBy]);
  if (faultNs === null) throw new Error(`${fault}: the fault was expected among the steps`);
  const since = (ns: number | null, fromNs: number | null): number | null =>
    ns === null || fromNs === null ? null : ns - fromNs;

  const others = steps.filter(({ participant, what }) => participant !== HOLDER && what === 'got-in');
  const first = others.find((step) => step.atNs >= faultNs);
  const outcome = (): FaultVerdict['outcome'] => {
    // What was so before is not the fault's doing.
    if (others.some((step) => step.atNs < faultNs)) return 'not-excluded';
    if (atNs(['killed'], HOLDER) !== null) return first === undefined ? 'stuck' : 'released';
    return overtakers(steps, faultNs).length > 0 ? 'overtaken' : 'kept';
  };
  const mendedNs = atNs(MENDS);
  const isCut = fault === 'cut-short' || fault === 'cut-long';
  return {
    outcome: outcome(),
    faultNs,
    mendedNs,
    watchedNs: (all.at(-1)?.atNs ?? faultNs) - faultNs,
    afterNs: since(first?.atNs ?? null, faultNs),
    firstIn: first?.participant ?? null,
    heldTwiceNs: timeHeldTwice(intervalsOf(steps)),
    recoveredNs: isCut ? since(atNs(['unlocked'], HOLDER), mendedNs) : null,
    freeLockNs: since(atNs(['got-in'], BYSTANDER), atNs(['asked'], BYSTANDER)),
    number: judgeNumber(steps, final),
    served: new Set(others.map(({ participant }) => participant)).size,
    errors: steps.flatMap(({ participant, what, error }) =>
      what === 'failed' && error !== undefined ? [{ participant, error }] : [],
    ),
  };
}
