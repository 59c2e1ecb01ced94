/**
 * The result of `lockbench nfs faults` for the terminal: a table with a row for each fault and a column for each lock
 * over each version of NFS, and a picture of each scenario.
 */

import { duration } from '../../base/format.js';
import { lostMark, lostNote } from '../../scenario/scenario-words.js';
import { HOLDS, rowsOf, timeLine } from '../../scenario/time-line.js';
import { chalkForStdout, plainTable } from '../../text/table.js';
import { FAULTS, faultOf } from './fault-names.js';
import type { FaultScenario, FaultsResult, PlayedFault } from './faults-schema.js';

/** What a cell says, line by line. */
export function linesOf(played: PlayedFault): string[] {
  const after = played.afterNs === null ? '' : duration(played.afterNs);
  switch (played.outcome) {
    case 'not-excluded':
      return ['NO LOCK'];
    case 'stuck':
      return ['still held', `at ${duration(played.watchedNs)}`];
    case 'released':
      return ['released', after];
    case 'kept':
      return [played.heldTwiceNs > 0 ? 'NOT EXCLUSIVE' : 'kept', after];
    case 'overtaken':
      return ['NOT EXCLUSIVE', after];
  }
}

function cellOf(scenario: FaultScenario | undefined): string {
  if (scenario === undefined) return '-';
  if (scenario.state === 'not-played') return 'not played';
  const chalk = chalkForStdout();
  const bad = scenario.heldTwiceNs > 0 || scenario.outcome === 'not-excluded';
  const paint = bad ? chalk.red : scenario.outcome === 'stuck' ? chalk.yellow : chalk.green;
  const [first = '', ...rest] = linesOf(scenario);
  // Each line is painted by itself: a colour that runs over the end of a cell's line would run into the next column.
  return [`${first}${lostMark(scenario)}`, ...rest].map((line) => paint(line)).join('\n');
}

const columnOf = ({ strategy, wait, version }: FaultScenario): string => `${strategy}\n/${wait}\n${version}`;

/** The table as text, with what its cells mean. */
export function faultsTable({ scenarios }: FaultsResult): string {
  const columns = [...new Set(scenarios.map(columnOf))];
  const rows = FAULTS.filter((fault) => scenarios.some((one) => one.fault === fault)).map((fault) => [
    fault,
    ...columns.map((column) =>
      cellOf(scenarios.find((one) => one.fault === fault && columnOf(one) === column)),
    ),
  ]);
  if (rows.length === 0) return '';
  const table = plainTable(['fault', ...columns], rows);
  const played = scenarios.filter((one) => one.state === 'played');
  return [table, 'The time is from the fault until another got in.', ...lostNote(played)].join('\n');
}

/** Each scenario that was played, as a picture. */
export const faultsTimeLines = ({ scenarios }: FaultsResult): string =>
  scenarios
    .flatMap((scenario) => {
      if (scenario.state !== 'played') return [];
      const { strategy, wait, version, fault, timeline } = scenario;
      const heading = `${strategy}/${wait} over ${version}: ${faultOf(fault).whatHappened}`;
      return [['', heading, ...timeLine(rowsOf(timeline, HOLDS))].join('\n')];
    })
    .join('\n');
