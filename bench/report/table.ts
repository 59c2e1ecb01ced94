/**
 * A result as a table for the terminal: a section for each directory and number of processes, the fastest lock first,
 * what failed below. This is the one file that knows cli-table3.
 */
import { Chalk, type ChalkInstance, supportsColor } from 'chalk';
import Table from 'cli-table3';
import { type Column, columns } from './columns.js';
import { describeConditions, type Group, groupsOf } from './groups.js';
import { ties } from './ranking.js';
import { cellName, isMeasured, type MeasuredCell, type Result } from './result.js';

const UNKNOWN_WIDTH = 100;

export function chalkForStdout(): ChalkInstance {
  const wanted = (process.env.NO_COLOR ?? '') === '' && supportsColor !== false;
  return new Chalk({ level: wanted ? 1 : 0 });
}

const PADDING = 2;
const LEAST_NAME_WIDTH = 17;
const STYLE = { head: [], border: [], compact: true, 'padding-left': 1, 'padding-right': 1 };

/** A table of plain texts: the first column is a name, the others are figures. */
export function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const chalk = chalkForStdout();
  const table = new Table({
    head: head.map((heading) => chalk.bold(heading)),
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
    style: STYLE,
  });
  for (const row of rows) table.push([...row]);
  return table.toString();
}

const LEAST_WIDTH = 9;

/** Widths that sum up to no more than `most`: what is too wide is taken from the widest, but no column gets unreadable. */
function narrowed(widths: readonly number[], most: number): number[] {
  const narrow = [...widths];
  for (let excess = narrow.reduce((sum, one) => sum + one, 0) - most; excess > 0; excess--) {
    const widest = narrow.indexOf(Math.max(...narrow));
    if ((narrow[widest] ?? 0) <= LEAST_WIDTH) break;
    narrow[widest] = (narrow[widest] ?? 0) - 1;
  }
  return narrow;
}

/**
 * A table no wider than the terminal: what is too long goes on in the next line of its cell. `of`: figures stand at the
 * right of every column but the first, words at the left, with a line between the rows.
 */
export function wrappedTable(
  of: 'figures' | 'words',
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number = process.stdout.columns ?? UNKNOWN_WIDTH,
): string {
  const chalk = chalkForStdout();
  const borders = head.length + 1;
  const colWidths = narrowed(widthsOf([head, ...rows]), width - borders);
  const table = new Table({
    head: head.map((heading) => chalk.bold(heading)),
    colWidths,
    colAligns: head.map((_, i) => (of === 'words' || i === 0 ? 'left' : 'right')),
    style: { ...STYLE, compact: of === 'figures' },
    wordWrap: true,
  });
  for (const row of rows) table.push(row.map((text, i) => fitted(text, (colWidths[i] ?? 0) - PADDING)));
  return table.toString();
}

/** A heading on as many lines as it has words: a table's width is its figures', not its headings'. */
const stacked = (heading: string): string => heading.replaceAll(' ', '\n');

/** A text whose words all fit: cli-table3 cuts one that is too long, and a path is one word. */
const fitted = (text: string, width: number): string =>
  text
    .split(' ')
    .map((word) => (word.length > width ? word.replace(new RegExp(`.{${width}}`, 'g'), '$&\n') : word))
    .join(' ');

/** The widths of columns that hold these texts, padding included. */
const widthsOf = (rows: readonly (readonly string[])[]): number[] =>
  (rows[0] ?? []).map(
    (_, i) =>
      Math.max(...rows.flatMap((row) => (row[i] ?? '').split('\n').map(({ length }) => length))) + PADDING,
  );

/** The figures of a cell; the fastest lock of its group says that it is the 1st, and those that cannot be told from it. */
function figuresOf(cell: MeasuredCell, shown: readonly Column[], { ranked }: Group): string[] {
  const texts = shown.map((column) => column.text(cell));
  const [first = []] = ties(ranked);
  if (ranked.length < 2 || !first.includes(cell)) return texts;
  return [...texts.slice(0, -1), `${texts.at(-1)}, ${first.length === 1 ? '' : '≈ '}1st`];
}

/** The table as text. `controls`: strategies that are measured but no candidates. */
export function resultTable(
  result: Result,
  controls: ReadonlySet<string>,
  width: number = process.stdout.columns ?? UNKNOWN_WIDTH,
): string {
  const chalk = chalkForStdout();
  const shown = columns.filter(({ from }) => width >= from);
  const groups = groupsOf(result, controls);
  const headings = shown.map(({ heading }) => stacked(heading));
  const figures = groups.flatMap((group) =>
    group.cells.filter(isMeasured).map((cell) => figuresOf(cell, shown, group)),
  );
  const colWidths = widthsOf([headings, ...figures, ...result.cells.map((cell) => [cellName(cell)])]);
  const excess = colWidths.reduce((sum, one) => sum + one + 1, 1) - width;
  // Only names may grow long; they are cut after the strategy, before the slash.
  const nameWidth = Math.max(LEAST_NAME_WIDTH, (colWidths[0] ?? 0) - Math.max(0, excess));
  colWidths[0] = nameWidth;
  const name = (text: string): string => {
    if (text.length + PADDING <= nameWidth) return text;
    // cli-table3 would cut a word that is longer than its column.
    const isLong = text.indexOf('/') + PADDING > nameWidth;
    return (isLong ? text.replace(/-(?=[^-/]*\/)/, '-\n') : text).replace('/', '\n/');
  };

  const innerWidth = colWidths.reduce((sum, one) => sum + one + 1, -1) - PADDING;

  const table = new Table({
    head: headings.map((heading) => chalk.bold(heading)),
    colAligns: shown.map(({ align }) => align),
    colWidths,
    style: STYLE,
    wordWrap: true,
  });
  for (const group of groups) {
    const heading = describeConditions(group.conditions, result.environment.cpus);
    table.push([{ content: chalk.cyan(fitted(heading, innerWidth)), colSpan: shown.length, hAlign: 'left' }]);
    for (const cell of group.cells) {
      if (!isMeasured(cell)) {
        const reason = {
          content: `${cell.state}: ${cell.reason}`,
          colSpan: shown.length - 1,
          hAlign: 'left',
        } as const;
        table.push([name(cellName(cell)), reason]);
        continue;
      }
      const [first = '', ...rest] = figuresOf(cell, shown, group);
      const paint = paintFor(cell, group, controls, chalk);
      table.push([name(first), ...rest].map((text) => paint(text)));
    }
  }
  return table.toString();
}

function paintFor(
  cell: MeasuredCell,
  { ranked }: Group,
  controls: ReadonlySet<string>,
  chalk: ChalkInstance,
): (text: string) => string {
  if (cell.state === 'failed-verdict') return chalk.red;
  if (cell === ranked[0]) return chalk.green;
  return controls.has(cell.strategy) ? chalk.dim : (text) => text;
}
