/**
 * What is remarkable about the faults of NFS, in plain words; all of it computed from the scenarios.
 */

import { durationRange, plural } from '../../base/format.js';
import { list } from '../../text/words.js';
import { FAULTS, type FaultName, faultOf } from './fault-names.js';
import type { FaultScenario, FaultsResult, PlayedFault } from './faults-schema.js';

const isPlayed = (one: FaultScenario): one is PlayedFault => one.state === 'played';

/** "fcntl over v3 and v4.2". */
function subjects(scenarios: readonly PlayedFault[]): string {
  const byStrategy = new Map<string, string[]>();
  for (const { strategy, version } of scenarios) {
    byStrategy.set(strategy, [...(byStrategy.get(strategy) ?? []), version]);
  }
  return list([...byStrategy].map(([strategy, versions]) => `${strategy} over ${list(versions)}`));
}

const rangeOf = (those: readonly PlayedFault[], figure: (one: PlayedFault) => number | null): string =>
  durationRange(those.flatMap((one) => figure(one) ?? []));

/** What a scenario came to, without its figures: those with the same one share a clause. */
type Ending = 'released' | 'stuck' | 'kept' | 'failed' | 'overtaken' | 'not-excluded';

const endingOf = ({ outcome, errors }: PlayedFault): Ending =>
  outcome === 'kept' && errors.some(({ participant }) => participant === 'holder') ? 'failed' : outcome;

function kept(those: readonly PlayedFault[]): string {
  const recovered = those.some(({ recoveredNs }) => recoveredNs !== null);
  const free = those.some(({ freeLockNs }) => freeLockNs !== null);
  return [
    'the holder kept it',
    ...(recovered
      ? [`and had unlocked it ${rangeOf(those, (one) => one.recoveredNs)} after the network was whole`]
      : []),
    ...(free
      ? [`and a lock that nobody held was given after ${rangeOf(those, (one) => one.freeLockNs)}`]
      : []),
  ].join(', ');
}

function overtaken(those: readonly PlayedFault[]): string {
  const told = those.flatMap(({ errors }) => errors.filter(({ participant }) => participant === 'holder'));
  const codes = [...new Set(told.map(({ error }) => /\bE[A-Z]+\b/.exec(error)?.[0] ?? error))];
  const lost = those.reduce((sum, { number }) => sum + number.lost, 0);
  return (
    `another was in ${rangeOf(those, (one) => one.afterNs)} later, ` +
    `and two were in for ${durationRange(those.map((one) => one.heldTwiceNs))}; ` +
    (told.length === 0
      ? 'the holder was told nothing'
      : `the holder was told by ${list(codes)} when it wrote`) +
    (lost === 0 ? '' : `; ${plural(lost, 'update')} ${lost === 1 ? 'was' : 'were'} lost`)
  );
}

const CLAUSES: Readonly<Record<Ending, (those: readonly PlayedFault[]) => string>> = {
  released: (those) => `free again after ${rangeOf(those, (one) => one.afterNs)}`,
  stuck: (those) => `still held after ${durationRange(those.map((one) => one.watchedNs))}`,
  kept,
  failed: (those) =>
    `nobody else got in before it unlocked, but a call of the holder failed (${those[0]?.errors[0]?.error})`,
  overtaken,
  'not-excluded': () => 'others were in before anything happened, so that the fault proves nothing',
};

/** A sentence about a fault, or null if it was not played. */
export function faultSentence(scenarios: readonly FaultScenario[], fault: FaultName): string | null {
  const those = scenarios.filter(isPlayed).filter((one) => one.fault === fault);
  if (those.length === 0) return null;
  const groups = new Map<string, PlayedFault[]>();
  for (const one of those) {
    // In a grace period a server refuses locks, not everything else: how long a free one is waited for is the strategy's own.
    const group = one.freeLockNs === null ? endingOf(one) : `${endingOf(one)} ${one.strategy}`;
    groups.set(group, [...(groups.get(group) ?? []), one]);
  }
  const clauses = [...groups.values()].flatMap((of) =>
    of[0] === undefined ? [] : [`${subjects(of)}: ${CLAUSES[endingOf(of[0])](of)}`],
  );
  return `When ${faultOf(fault).whatHappened}: ${clauses.join('; ')}.`;
}

/** Sentences under the table, a line each. */
export function faultFindings({ scenarios, unavailable, interruptedBy }: FaultsResult): string[] {
  const reasons = new Set(
    scenarios.flatMap((one) =>
      one.state === 'not-played' ? [`${one.fault} could not be played: ${one.reason}.`] : [],
    ),
  );
  return [
    ...FAULTS.flatMap((fault) => faultSentence(scenarios, fault) ?? []),
    ...reasons,
    ...unavailable.map(({ strategy, reason }) => `${strategy} is unavailable: ${reason}.`),
    ...(interruptedBy === null ? [] : [`Ended early by ${interruptedBy}; what was played is shown.`]),
  ];
}
