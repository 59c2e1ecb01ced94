/**
 * What is remarkable about a crash result, in plain words; all of it computed from the scenarios.
 */

import { duration, durationRange, plural } from '../base/format.js';
import { lockName } from '../measure/result/result.js';
import { list } from '../text/words.js';
import { type CrashEvent, DYING } from './crash-events.js';
import type { BrokenClaim, CrashResult, PlayedCrash } from './crash-schema.js';

export const WHAT_HAPPENED: Readonly<Record<CrashEvent, string>> = {
  kill: 'killing the holder',
  exception: 'an exception that nobody caught',
  exit: 'process.exit',
  return: 'the end of the program',
  stop: 'stopping the holder for a while',
  close: 'closing another descriptor of the file',
  unlink: "removing the lock's names",
};

/** Scenarios of which the same is to be said. */
function byText(
  scenarios: readonly PlayedCrash[],
  text: (one: PlayedCrash) => string,
): [text: string, strategies: string, scenarios: PlayedCrash[]][] {
  const groups = new Map<string, PlayedCrash[]>();
  for (const one of scenarios) groups.set(text(one), [...(groups.get(text(one)) ?? []), one]);
  return [...groups].map(([said, those]) => [said, list([...new Set(those.map(lockName))]), those]);
}

const isDead = ({ event }: PlayedCrash): boolean => DYING.some((one) => one === event);

/** Of each strategy, the deadly events with one outcome; strategies with the same events share a sentence. */
function deathSentences(
  played: readonly PlayedCrash[],
  outcome: PlayedCrash['outcome'],
  say: (strategies: string, events: string, of: readonly PlayedCrash[]) => string,
): string[] {
  const those = played.filter((one) => isDead(one) && one.outcome === outcome);
  const eventsOf = (lock: PlayedCrash): string =>
    list([...new Set(those.filter((one) => lockName(one) === lockName(lock)).map(({ event }) => event))]);
  return byText(those, eventsOf).map(([events, strategies, of]) => say(strategies, events, of));
}

const afterRange = (scenarios: readonly PlayedCrash[]): string =>
  durationRange(scenarios.flatMap(({ afterNs }) => (afterNs === null ? [] : [afterNs])));

/** "; two held it for 20.3 ms, and 1 update was lost." */
function consequence(scenarios: readonly PlayedCrash[]): string {
  const lost = scenarios.reduce((sum, { number }) => sum + number.lost, 0);
  const losses = lost === 0 ? '' : `, and ${plural(lost, 'update')} ${lost === 1 ? 'was' : 'were'} lost`;
  const inAll = lost > 0 && scenarios.length > 1 ? ' in all' : '';
  return `two held it for ${durationRange(scenarios.map(({ heldTwiceNs }) => heldTwiceNs))}${losses}${inAll}.`;
}

function overtakingText({ event, firstIn }: PlayedCrash): string {
  if (firstIn !== 'newcomer') return `${WHAT_HAPPENED[event]} gave the lock away to a waiter`;
  return `after ${WHAT_HAPPENED[event]}, a newcomer made new ones and locked those, beside the holder`;
}

const togetherText = ({ event }: PlayedCrash): string =>
  `after ${WHAT_HAPPENED[event]}, several waiters were in together`;

/** A path says where this scenario was played, and to the reader nothing else. */
const withoutPath = (error: string): string => error.replace(/ \(\/.*\)$/, '').replace(/^turn \d+: /, '');

function errorSentences(played: readonly PlayedCrash[]): string[] {
  const failed = played.flatMap((lock) =>
    lock.errors.map(({ participant, error }) => ({
      ...{ strategy: lockName(lock), event: lock.event, participant, error: withoutPath(error) },
    })),
  );
  const groups = new Map<string, Set<string>>();
  for (const { strategy, event, participant, error } of failed) {
    const key = `${strategy}: after ${WHAT_HAPPENED[event]}, \0 got an error: ${error}.`;
    groups.set(key, (groups.get(key) ?? new Set()).add(participant));
  }
  return [...groups].map(([key, participants]) => key.replace('\0', list([...participants])));
}

/** What is said of scenarios that go by their outcome, whatever the event. */
function outcomeSentences(played: readonly PlayedCrash[]): string[] {
  const of = (holds: (one: PlayedCrash) => boolean, text: (one: PlayedCrash) => string) =>
    byText(played.filter(holds), text);
  const overtaken = of(({ outcome }) => outcome === 'overtaken', overtakingText);
  const together = of(
    ({ outcome, heldTwiceNs }) => heldTwiceNs > 0 && outcome !== 'overtaken' && outcome !== 'not-excluded',
    togetherText,
  );
  const plain = [
    ...of(
      ({ outcome, served, errors }) => outcome === 'kept' && served === 0 && errors.length === 0,
      ({ event }) => `after ${WHAT_HAPPENED[event]}, nobody got in, although the holder unlocked`,
    ),
    ...of(
      // Where a call failed, something changed, though nobody got in: a lock made and not taken is in the way of all.
      ({ event, outcome, heldTwiceNs, errors }) =>
        event === 'unlink' && outcome === 'kept' && heldTwiceNs === 0 && errors.length === 0,
      () => 'removing all names in the directory changed nothing, since the lock lives elsewhere',
    ),
    ...of(
      ({ outcome }) => outcome === 'not-excluded',
      () => 'others were in beside the holder before anything happened, so that the events prove nothing',
    ),
  ];
  return [
    ...[...overtaken, ...together].map(
      ([text, strategies, those]) => `${strategies}: ${text}; ${consequence(those)}`,
    ),
    ...plain.map(([text, strategies]) => `${strategies}: ${text}.`),
  ];
}

const CLAIMS: Readonly<Record<BrokenClaim['claim'], string>> = {
  holderDies: 'if its holder is killed',
  excludes: 'that there is',
};

/** What is said of a result, a line each: in the order in which it is read. */
export interface CrashFindings {
  /** Claims that were broken, and what became of the lock when its holder died. */
  readonly first: readonly string[];
  /** What became of holders that lived on. */
  readonly outcomes: readonly string[];
  /** Calls that failed. */
  readonly errors: readonly string[];
  /** What was not played. */
  readonly missing: readonly string[];
}

const playedOf = ({ scenarios }: CrashResult): PlayedCrash[] =>
  scenarios.flatMap((one) => (one.state === 'played' ? [one] : []));

function deathsIn(result: CrashResult): string[] {
  const played = playedOf(result);
  return [
    ...deathSentences(
      played,
      'released',
      (strategies, events, of) => `${strategies}: free again after ${events}, ${afterRange(of)} later.`,
    ),
    ...deathSentences(
      played,
      'owner-died',
      (strategies, events, of) =>
        `${strategies}: handed on after ${events}, ${afterRange(of)} later, with a warning that the holder died.`,
    ),
    ...deathSentences(
      played,
      'taken-over',
      (strategies, events, of) =>
        `${strategies}: taken over after ${events}, ${afterRange(of)} later, by a waiter that found the holder gone.`,
    ),
    ...deathSentences(
      played,
      'stuck',
      (strategies, events) =>
        `${strategies}: stuck after ${events}; nobody got in within ${duration(result.patienceNs)}, and somebody must clear it away.`,
    ),
  ];
}

export function sortedFindings(result: CrashResult): CrashFindings {
  const { scenarios, unavailable, brokenClaims, interruptedBy } = result;
  const broken = brokenClaims.map(
    ({ claim, claimed, observed, ...lock }) =>
      `A CLAIM WAS BROKEN: ${lockName(lock)} claims ${CLAIMS[claim]}: ${claimed}; seen: ${observed}.`,
  );
  const played = playedOf(result);
  return {
    first: [...broken, ...deathsIn(result)],
    outcomes: outcomeSentences(played),
    errors: errorSentences(played),
    missing: [
      ...unavailable.map((one) => `${lockName(one)} is unavailable: ${one.reason}.`),
      ...scenarios.flatMap((one) =>
        one.state === 'not-played'
          ? [`${lockName(one)}, ${one.event}: could not be played: ${one.reason}.`]
          : [],
      ),
      ...(interruptedBy === null ? [] : [`Ended early by ${interruptedBy}; what was played is shown.`]),
    ],
  };
}

/** All of it. */
export function crashFindings(result: CrashResult): string[] {
  const { first, outcomes, errors, missing } = sortedFindings(result);
  return [...first, ...outcomes, ...errors, ...missing];
}
