/**
 * The result of `lockbench crash` as tables for the terminal: a row for each strategy, a column for each event; one
 * table for the events that the holder dies of, one for those that it survives. Where each lock went one way whatever its
 * holder died of, these are one column, and all is one table. All of them fit 80 columns.
 */

import { bounds, duration } from '../base/format.js';
import { cellName, lockName } from '../measure/result/result.js';
import { lostMark, lostNote } from '../scenario/scenario-words.js';
import { chalkForStdout, fits, plainTable, tableWidth } from '../text/table.js';
import { type CrashEvent, DYING, SURVIVED } from './crash-events.js';
import type { CrashResult, CrashScenario, PlayedCrash } from './crash-schema.js';

const NOTHING = '-';
/** Where the terminal is narrow, longer words of a cell stand under each other. */
const MOST_ON_A_LINE = 'owner died'.length;

const HEADINGS: Readonly<Record<'dying' | 'survived', string>> = {
  dying: 'The holder dies inside: who waits gets the lock after …',
  survived: 'The holder lives on: is it alone until it unlocks?',
};

const playedOf = ({ scenarios }: CrashResult): PlayedCrash[] =>
  scenarios.flatMap((one) => (one.state === 'played' ? [one] : []));

/** Of the one table: what its columns are. */
const headingOfAll = (events: readonly CrashEvent[]): string =>
  `The holder dies: who waits gets the lock after …${SURVIVED.some((one) => events.includes(one)) ? ' It lives on: is it alone?' : ''}`;

/** What a cell says, and when that was. */
export function wordsOf(played: PlayedCrash): [string, string] {
  const after = played.afterNs === null ? '' : duration(played.afterNs);
  if (played.outcome === 'not-excluded') return ['NO LOCK', ''];
  if (played.heldTwiceNs > 0) return ['NOT EXCLUSIVE', ''];
  switch (played.outcome) {
    case 'owner-died':
      return ['owner died', after];
    case 'taken-over':
      return ['taken over', after];
    case 'released':
      return ['released', after];
    default:
      return [played.outcome, ''];
  }
}

function painted(scenario: PlayedCrash, [what, when]: readonly [string, string], wide: boolean): string {
  const chalk = chalkForStdout();
  const paint =
    scenario.heldTwiceNs > 0 || scenario.outcome === 'not-excluded' || scenario.outcome === 'stuck'
      ? chalk.red
      : chalk.green;
  // Each line is painted by itself: a colour that runs over the end of a cell's line would run into the next column.
  const words = wide || what.length <= MOST_ON_A_LINE ? [what] : what.split(' ');
  return [...words.slice(0, -1), `${words.at(-1)}${lostMark(scenario)}`, when]
    .filter((part) => part !== '')
    .map((part) => paint(part))
    .join(wide ? ' ' : '\n');
}

function cellOf(scenario: CrashScenario | undefined, wide: boolean): string {
  if (scenario === undefined) return NOTHING;
  if (scenario.state === 'not-played') return 'not played';
  return painted(scenario, wordsOf(scenario), wide);
}

/** The locks, in the order in which they were played, each with its policy. */
const locksOf = ({ scenarios }: CrashResult): CrashScenario[] => [
  ...new Map(scenarios.map((one) => [cellName(one), one])).values(),
];

const of = (result: CrashResult, lock: CrashScenario, event: CrashEvent): CrashScenario | undefined =>
  result.scenarios.find((one) => cellName(one) === cellName(lock) && one.event === event);

/** A heading, and what stands below it for a lock. */
interface Column {
  readonly heading: string;
  cell(lock: CrashScenario, wide: boolean): string;
}

function tableOf(result: CrashResult, columns: readonly Column[], wide: boolean): string {
  const rows = locksOf(result).map((lock) => [
    wide ? cellName(lock) : cellName(lock).replace('/', '\n/'),
    ...columns.map(({ cell }) => cell(lock, wide)),
  ]);
  const missing = result.unavailable.map((one) => [
    lockName(one),
    'unavailable',
    ...columns.slice(1).map(() => NOTHING),
  ]);
  return plainTable(['strategy/wait', ...columns.map(({ heading }) => heading)], [...rows, ...missing]);
}

const columnOf = (result: CrashResult, event: CrashEvent): Column => ({
  heading: event,
  cell: (lock, wide) => cellOf(of(result, lock, event), wide),
});

/** The deaths of a lock's holder, if all of them ended in the same words; else null. */
function sameDeaths(
  result: CrashResult,
  lock: CrashScenario,
  events: readonly CrashEvent[],
): PlayedCrash[] | null {
  const deaths = events.map((event) => of(result, lock, event));
  const played = deaths.flatMap((one) => (one?.state === 'played' ? [one] : []));
  const words = new Set(played.map((one) => `${wordsOf(one)[0]}${lostMark(one)}`));
  return played.length === events.length && words.size === 1 ? played : null;
}

/** "released after 2.78–46.2 ms" */
function deathCell(deaths: readonly PlayedCrash[], wide: boolean): string {
  const [first] = deaths;
  if (first === undefined) return NOTHING;
  const [what, when] = wordsOf(first);
  const times = deaths.flatMap(({ afterNs }) => (afterNs === null ? [] : [afterNs])).sort((a, b) => a - b);
  const [least = 0, most = 0] = [times[0], times.at(-1)];
  const range = `${bounds(least, most, most)} ${duration(most).split(' ')[1]}`;
  return painted(first, [what, when === '' ? '' : range], wide);
}

/** All deaths in one column, and a column for each event that the holder survives; null if the deaths differ. */
function inOneTable(result: CrashResult, events: readonly CrashEvent[]): readonly Column[] | null {
  const dying = DYING.filter((one) => events.includes(one));
  if (dying.length < 2) return null;
  const same = new Map(locksOf(result).map((lock) => [cellName(lock), sameDeaths(result, lock, dying)]));
  if ([...same.values()].includes(null)) return null;
  return [
    { heading: 'holder dies', cell: (lock, wide) => deathCell(same.get(cellName(lock)) ?? [], wide) },
    ...SURVIVED.filter((one) => events.includes(one)).map((event) => columnOf(result, event)),
  ];
}

/** The tables as text; where the terminal is narrow, with two lines a row. `eachDeath`: a column for each, although all are alike. */
export function crashTables(result: CrashResult, eachDeath: boolean, width: number = tableWidth()): string {
  const events = [...DYING, ...SURVIVED].filter((event) =>
    result.scenarios.some((one) => one.event === event),
  );
  const fitting = (columns: readonly Column[]): string => {
    const table = tableOf(result, columns, true);
    return fits(table, width) ? table : tableOf(result, columns, false);
  };
  const all = eachDeath ? null : inOneTable(result, events);
  const lines =
    all === null
      ? ([DYING, SURVIVED] as const).flatMap((family) => {
          const own = family.filter((one) => events.includes(one));
          if (own.length === 0) return [];
          const heading = HEADINGS[family === DYING ? 'dying' : 'survived'];
          return [heading, fitting(own.map((event) => columnOf(result, event)))];
        })
      : [headingOfAll(events), fitting(all)];
  return [...lines, ...lostNote(playedOf(result))].join('\n');
}
