/**
 * The result of `lockbench crash` as tables for the terminal: a row for each strategy, a column for each event; one
 * table for the events that the holder dies of, one for those that it survives. Both fit 80 columns.
 */

import { duration } from '../base/format.js';
import { cellName, lockName } from '../measure/result/result.js';
import { lostMark, lostNote } from '../scenario/scenario-words.js';
import { HOLDS, rowsOf, timeLine } from '../scenario/time-line.js';
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

function cellOf(scenario: CrashScenario | undefined, wide: boolean): string {
  if (scenario === undefined) return NOTHING;
  if (scenario.state === 'not-played') return 'not played';
  const chalk = chalkForStdout();
  const [what, when] = wordsOf(scenario);
  const paint =
    scenario.heldTwiceNs > 0 || scenario.outcome === 'not-excluded'
      ? chalk.red
      : scenario.outcome === 'stuck'
        ? chalk.yellow
        : chalk.green;
  // Each line is painted by itself: a colour that runs over the end of a cell's line would run into the next column.
  const words = wide || what.length <= MOST_ON_A_LINE ? [what] : what.split(' ');
  return [...words.slice(0, -1), `${words.at(-1)}${lostMark(scenario)}`, when]
    .filter((part) => part !== '')
    .map((part) => paint(part))
    .join(wide ? ' ' : '\n');
}

/** The locks, in the order in which they were played, each with its policy. */
const locksOf = ({ scenarios }: CrashResult): CrashScenario[] => [
  ...new Map(scenarios.map((one) => [cellName(one), one])).values(),
];

function tableOf(result: CrashResult, events: readonly CrashEvent[], wide: boolean): string {
  const rows = locksOf(result).map((lock) => [
    wide ? cellName(lock) : cellName(lock).replace('/', '\n/'),
    ...events.map((event) =>
      cellOf(
        result.scenarios.find((one) => cellName(one) === cellName(lock) && one.event === event),
        wide,
      ),
    ),
  ]);
  const missing = result.unavailable.map((one) => [
    lockName(one),
    'unavailable',
    ...events.slice(1).map(() => NOTHING),
  ]);
  return plainTable(['strategy/wait', ...events], [...rows, ...missing]);
}

/** The tables as text; where the terminal is narrow, with two lines a row. */
export function crashTables(result: CrashResult, width: number = tableWidth()): string {
  const lines = ([DYING, SURVIVED] as const).flatMap((family) => {
    const events = family.filter((one) => result.scenarios.some(({ event }) => event === one));
    if (events.length === 0) return [];
    const table = tableOf(result, events, true);
    return [
      HEADINGS[family === DYING ? 'dying' : 'survived'],
      fits(table, width) ? table : tableOf(result, events, false),
    ];
  });
  const played = result.scenarios.filter((one) => one.state === 'played');
  return [...lines, ...lostNote(played)].join('\n');
}

/** Each scenario that was played, as a picture. */
export function crashTimeLines({ scenarios }: CrashResult): string {
  return scenarios
    .flatMap((scenario) => {
      if (scenario.state !== 'played') return [];
      const { event, timeline } = scenario;
      return [['', `${cellName(scenario)}, ${event}`, ...timeLine(rowsOf(timeline, HOLDS))].join('\n')];
    })
    .join('\n');
}
