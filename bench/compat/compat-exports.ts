/**
 * A result of `lockbench compat` or `lockbench nfs compat` for other programs: tidy CSV, a row for each ordered pair, and
 * Markdown, a matrix for each place.
 */
import { inMarkdown } from '../base/visible.js';
import type { Formats } from '../command-line/export-options.js';
import { csvLine } from '../text/csv.js';
import { exportFoot } from '../text/export-foot.js';
import { markdownList, markdownTable } from '../text/markdown.js';
import type { CompatCell, CompatPlace, CompatResult } from './compat-schema.js';
import { legendOf, signOf } from './compat-table.js';
import { compatFindings } from './compat-text.js';

type Field = string | number | null;

/** A heading, and what stands below it. */
const COLUMNS: readonly (readonly [heading: string, of: (cell: CompatCell, place: CompatPlace) => Field])[] =
  [
    ['directory', (_, { directory }) => directory],
    ['filesystem', (_, { filesystem }) => filesystem],
    ['nfs_version', (_, { nfs }) => nfs?.version ?? null],
    ['nfs_layout', (_, { nfs }) => nfs?.layout ?? null],
    ['held', ({ holder }) => holder],
    ['tries', ({ other }) => other],
    ['got_in', ({ gotIn }) => (gotIn === null ? null : String(gotIn))],
    ['verdict', ({ verdict }) => verdict],
    ['reason', ({ reason }) => reason],
    ['handoffs', ({ contention }) => contention?.handoffs ?? null],
    ['violations', ({ contention }) => contention?.violations ?? null],
    ['turns', ({ contention }) => contention?.turns ?? null],
    ['updates_lost', ({ contention }) => contention?.lost ?? null],
  ];

const compatCsv = ({ places }: CompatResult): string =>
  [
    csvLine(COLUMNS.map(([heading]) => heading)),
    ...places.flatMap((place) =>
      place.cells.map((cell) => csvLine(COLUMNS.map(([, of]) => of(cell, place) ?? ''))),
    ),
  ].join('');

/** Columns are numbered as on the terminal: names of many locks would make them too wide to read. */
function matrix({ locks, cells }: CompatPlace): string[] {
  const signs = new Map(cells.map((cell) => [JSON.stringify([cell.holder, cell.other]), signOf(cell)]));
  return markdownTable(
    ['held \\ tries', ...locks.map((_, i) => String(i + 1))],
    locks.map(({ name: holder }, i) => [
      `${i + 1} ${holder}`,
      ...locks.map(({ name }) => signs.get(JSON.stringify([holder, name])) ?? ''),
    ]),
    [':--', ...locks.map(() => ':-:')],
  );
}

const compatMarkdown = (result: CompatResult): string =>
  [
    ...result.places.flatMap((place) => [
      `**${inMarkdown(place.where)}**`,
      '',
      ...markdownList(compatFindings(place)),
      '',
      ...(place.cells.length === 0
        ? []
        : [...matrix(place), '', inMarkdown(legendOf(place.cells).join(', ')), '']),
    ]),
    ...exportFoot(result).slice(1),
  ].join('\n');

export const COMPAT_FORMATS: Formats<CompatResult> = { csv: compatCsv, markdown: compatMarkdown };
