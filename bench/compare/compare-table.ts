/**
 * A comparison for people: what was found in a sentence or two, then a table for each set of conditions.
 */
import { digits, duration, percent, plural, tellsBounds } from '../base/format.js';
import { inMarkdown, visible } from '../base/visible.js';
import { markdownList, markdownTable } from '../text/markdown.js';
import { nextLine, pageStep } from '../text/next-line.js';
import { plainTable, tableWidth } from '../text/table.js';
import { list, wrapped } from '../text/words.js';
import { LEVEL } from './can-tell.js';
import { ONLY_EARLIER, ONLY_LATER } from './compare-runs.js';
import type { Change, ComparedCell, ComparedRuns } from './compare-schema.js';

const VERDICTS: Readonly<Record<Change['verdict'], string>> = {
  slower: 'slower',
  faster: 'faster',
  doubtful: 'doubtful',
  'no-difference-seen': 'no difference seen',
  'too-few-runs': 'too few runs',
  'too-few-rounds': 'too few rounds',
};

/** Of fewer samples the smallest and the largest difference say little. */
export const hasBounds = (change: Change): boolean =>
  change.verdict !== 'too-few-rounds' && tellsBounds(change);

const HEAD = ['lock', 'earlier', 'later', 'factor', 'interval', ''];

function asRow(
  { lock, change, reason, verdicts, worse }: ComparedCell,
  basis: ComparedRuns['basis'],
): string[] {
  const fate = worse ? `FAILS: ${verdicts.earlier} before, ${verdicts.later} now` : '';
  if (change === null) return [visible(lock), '-', '-', '-', '-', fate || (reason ?? '')];
  const figure = (value: number): string => (basis === 'cost' ? duration(value) : `${digits(value)}x`);
  const { earlier, later, factor, low, high, verdict } = change;
  const bounds = hasBounds(change) ? `${digits(low)}–${digits(high)}` : '-';
  return [visible(lock), figure(earlier), figure(later), digits(factor), bounds, fate || VERDICTS[verdict]];
}

/** What one run alone has is counted in a sentence. */
const inBoth = ({ reason }: ComparedCell): boolean => reason !== ONLY_EARLIER && reason !== ONLY_LATER;

/** By conditions, in the order of the cells. */
function groups(cells: readonly ComparedCell[]): ReadonlyMap<string, ComparedCell[]> {
  const found = new Map<string, ComparedCell[]>();
  for (const cell of cells.filter(inBoth)) found.set(cell.where, [...(found.get(cell.where) ?? []), cell]);
  return found;
}

const placed = ({ lock, where }: ComparedCell): string => `${visible(lock)} (${where})`;

const REPEAT = 'Measure both in turn, four runs each or more: old, new, old, new.';

/** What changed, and what to know before one believes it. */
export function sentences(comparison: ComparedRuns): string[] {
  const { cells, basis, differences, sample } = comparison;
  const of = (verdict: Change['verdict']): ComparedCell[] =>
    cells.filter(({ change }) => change?.verdict === verdict);
  const [slower, faster, doubtful, alike, fewRuns, few] = [
    of('slower'),
    of('faster'),
    of('doubtful'),
    of('no-difference-seen'),
    of('too-few-runs'),
    of('too-few-rounds'),
  ];
  const worse = cells.filter((cell) => cell.worse);
  const changed = ([name, all]: readonly [string, readonly ComparedCell[]]): string[] =>
    all.map(
      (cell) =>
        `${placed(cell)} became ${name}: ${digits(cell.change?.factor ?? 1)} times the earlier figure.`,
    );
  const said: string[] = [];
  // First, since a reader who does not know it takes the machines' difference for the locks'.
  const other = differences.map(
    ({ what, earlier, later }) => `${what} (${visible(earlier)}, now ${visible(later)})`,
  );
  if (other.length > 0) {
    const so = basis === 'ratio' ? ': costs in time cannot be compared, ratios to fcntl/block are' : '';
    said.push(`! Not the same: ${list(other)}${so}.`);
  }
  said.push(
    ...worse.map((cell) => `${placed(cell)} excluded before and fails now: ${cell.verdicts.later}.`),
    ...(
      [
        ['slower', slower],
        ['faster', faster],
      ] as const
    ).flatMap(changed),
  );
  if (doubtful.length > 0) {
    said.push(
      `${plural(doubtful.length, 'cell')} changed, or the machine did: the runs were not made in turn.`,
    );
  }
  if (fewRuns.length > 0) {
    said.push(
      sample === 'round'
        ? `${plural(fewRuns.length, 'cell')} changed by more than the rounds of a run scatter, but one run on each side does not say what runs differ by.`
        : `${plural(fewRuns.length, 'cell')} with too few runs to tell.`,
    );
  }
  if (alike.length > 0) said.push(`No difference seen in ${plural(alike.length, 'cell')}.`);
  if (few.length > 0) {
    said.push(
      `${plural(few.length, 'cell')} with too few rounds to tell how far apart these two runs are. --export-markdown has the figures.`,
    );
  }
  if (doubtful.length + fewRuns.length + few.length > 0) said.push(REPEAT);
  const lone = cells.filter((cell) => !inBoth(cell));
  if (lone.length > 0)
    said.push(
      `${plural(lone.length, 'cell')} in only one of the ${sample === 'round' ? 'runs' : 'two sides'} (--json lists them).`,
    );
  if (slower.length + faster.length > 0) {
    said.push(
      `The chance that runs which differ by themselves made any cell look changed is below ${percent(LEVEL)}.`,
    );
  }
  return said;
}

/** Whether a table of these would say more than the sentence that there were too few rounds. */
const tells = (cells: readonly ComparedCell[]): boolean =>
  cells.some(({ change, worse }) => worse || change?.verdict !== 'too-few-rounds');

const SIMPLE_NAME = /^[\w./-]+$/;

/** What one would ask next of the last of the later runs. */
function next({ later }: ComparedRuns): string {
  const called = later.at(-1)?.name ?? '';
  const name = SIMPLE_NAME.test(called) ? called : 'FILE';
  return nextLine([`lockbench show ${name}`, `lockbench report ${name}`, ...pageStep()]);
}

/** "last (2026-…)"; of several runs their names alone. */
export function sideName(side: ComparedRuns['earlier']): string {
  const [first, second] = side;
  return first !== undefined && second === undefined
    ? `${visible(first.name)} (${first.startedAt})`
    : list(side.map(({ name }) => visible(name)));
}

const title = ({ earlier, later }: ComparedRuns): string =>
  `${sideName(later)} compared with ${sideName(earlier)}`;

export function asText(comparison: ComparedRuns): string {
  const { cells, basis } = comparison;
  const width = tableWidth();
  const tables = [...groups(cells)].flatMap(([where, of]) =>
    tells(of)
      ? [
          `${where}\n${plainTable(
            HEAD,
            of.map((cell) => asRow(cell, basis)),
          )}`,
        ]
      : [],
  );
  const said = sentences(comparison).map((one) => wrapped(one, width));
  return [wrapped(title(comparison), width), ...said, ...tables, next(comparison)].join('\n\n');
}

export function asMarkdown(comparison: ComparedRuns): string {
  const { cells, basis } = comparison;
  const tables = [...groups(cells)].flatMap(([where, of]) => [
    `### ${inMarkdown(where)}`,
    '',
    ...markdownTable(
      HEAD,
      of.map((cell) => asRow(cell, basis)),
      [':--', '--:', '--:', '--:', '--:', ':--'],
    ),
    '',
  ]);
  return [
    `## ${inMarkdown(title(comparison))}`,
    '',
    ...markdownList(sentences(comparison)),
    '',
    ...tables,
  ].join('\n');
}

const CSV_HEAD =
  'earlier_runs,later_runs,lock,directory,conditions,basis,sample,earlier,later,factor,low,high,coverage,p,superiority,verdict,earlier_verdict,later_verdict';

const quotedCsv = (value: string | number): string =>
  typeof value === 'number' ? String(value) : `"${visible(value).replaceAll('"', '""')}"`;

const namesOf = (side: ComparedRuns['earlier']): string => side.map(({ name }) => name).join(' ');

/** One row a cell; RFC 4180. Figures that there are not are empty. */
export function asCsv(comparisons: readonly ComparedRuns[]): string {
  const rows = comparisons.flatMap(({ earlier, later, basis, sample, cells }) =>
    cells.map(({ lock, directory, where, change, verdicts }) => {
      const figures =
        change === null
          ? Array<string>(9).fill('')
          : [
              ...[change.earlier, change.later, change.factor, change.low, change.high].map(String),
              ...[change.coverage, change.p, change.superiority].map(String),
              quotedCsv(change.verdict),
            ];
      return [
        ...[namesOf(earlier), namesOf(later), lock, directory, where, basis, sample].map(quotedCsv),
        ...figures,
        ...[verdicts.earlier, verdicts.later].map(quotedCsv),
      ].join(',');
    }),
  );
  return `${[CSV_HEAD, ...rows].join('\r\n')}\r\n`;
}
