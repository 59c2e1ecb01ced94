/**
 * A result of `lockbench crash` for other programs: tidy CSV, a row a scenario, and Markdown, a row a lock.
 */
import { cellName } from '../measure/result/result.js';
import { csvLine } from '../text/csv.js';
import { exportFoot } from '../text/export-foot.js';
import { markdownList, markdownTable } from '../text/markdown.js';
import { EVENTS } from './crash-events.js';
import type { CrashResult, CrashScenario } from './crash-schema.js';
import { crashFindings } from './crash-sentences.js';
import { wordsOf } from './crash-table.js';

type Field = string | number | null;

/** A heading, and what stands below it; of a scenario that was not played only the first ones. */
const COLUMNS: readonly (readonly [heading: string, of: (one: CrashScenario) => Field])[] = [
  ['strategy', ({ strategy }) => strategy],
  ['runtime', ({ runtime }) => runtime ?? 'node'],
  ['wait', ({ wait }) => wait],
  ['event', ({ event }) => event],
  ['state', ({ state }) => state],
  ['outcome', (one) => (one.state === 'played' ? one.outcome : null)],
  ['after_ns', (one) => (one.state === 'played' ? one.afterNs : null)],
  ['held_twice_ns', (one) => (one.state === 'played' ? one.heldTwiceNs : null)],
  ['served', (one) => (one.state === 'played' ? one.served : null)],
  ['updates_lost', (one) => (one.state === 'played' ? one.number.lost : null)],
  ['errors', (one) => (one.state === 'played' ? one.errors.length : null)],
];

export const crashCsv = ({ scenarios }: CrashResult): string =>
  [
    csvLine(COLUMNS.map(([heading]) => heading)),
    ...scenarios.map((one) => csvLine(COLUMNS.map(([, of]) => of(one) ?? ''))),
  ].join('');

const cellOf = (one: CrashScenario | undefined): string => {
  if (one === undefined) return '';
  return one.state === 'played' ? wordsOf(one).join(' ').trim() : 'not played';
};

export function crashMarkdown(result: CrashResult): string {
  const { scenarios } = result;
  const events = EVENTS.filter((event) => scenarios.some((one) => one.event === event));
  const names = [...new Set(scenarios.map(cellName))];
  const rows = names.map((name) => [
    name,
    ...events.map((event) => cellOf(scenarios.find((one) => cellName(one) === name && one.event === event))),
  ]);
  return [
    ...markdownList(crashFindings(result)),
    '',
    ...markdownTable(['strategy/wait', ...events], rows),
    ...exportFoot(result),
  ].join('\n');
}
