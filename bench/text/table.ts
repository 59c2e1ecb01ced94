/**
 * Tables for the terminal. This is the one file that knows cli-table3.
 */
import { stripVTControlCharacters } from 'node:util';
import { Chalk, type ChalkInstance, supportsColor } from 'chalk';
import Table from 'cli-table3';
import { allowColours, outputWidth } from './standard-streams.js';

export { Table };

const UNKNOWN_WIDTH = 100;

/** In characters: what a table may fill. */
export const tableWidth = (): number => outputWidth() ?? UNKNOWN_WIDTH;

/** How wide text that is folded by hand may be: lines that are longer than the terminal would be folded once more. */
export const textWidth = (): number => Math.min(tableWidth(), UNKNOWN_WIDTH);

export function chalkForStdout(): ChalkInstance {
  const wanted = (process.env.NO_COLOR ?? '') === '' && supportsColor !== false;
  if (wanted) allowColours();
  return new Chalk({ level: wanted ? 1 : 0 });
}

export const PADDING = 2;
export const STYLE = { head: [], border: [], compact: true, 'padding-left': 1, 'padding-right': 1 };

/** Whether a table is no wider than that. */
export const fits = (table: string, width: number): boolean =>
  stripVTControlCharacters(table)
    .split('\n')
    .every(({ length }) => length <= width);

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

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Widths that sum up to no more than `most`: what is too wide is taken from the widest, but no column gets unreadable. */
function narrowed(widths: readonly number[], most: number): number[] {
  const narrow = [...widths];
  for (let excess = sum(narrow) - most; excess > 0; excess--) {
    const widest = narrow.indexOf(Math.max(...narrow));
    if ((narrow[widest] ?? 0) <= LEAST_WIDTH) break;
    narrow[widest] = (narrow[widest] ?? 0) - 1;
  }
  return narrow;
}

/** How narrow a table can be made, borders included. */
const leastWidth = (rows: readonly (readonly string[])[]): number => {
  const widths = widthsOf(rows);
  return sum(widths.map((width) => Math.min(width, LEAST_WIDTH))) + widths.length + 1;
};

/** Rows for columns: of a table whose columns are too many for the terminal, and whose rows are not. */
const turned = (rows: readonly (readonly string[])[]): string[][] =>
  (rows[0] ?? []).map((_, i) => rows.map((row) => row[i] ?? ''));

/**
 * A table no wider than the terminal: what is too long goes on in the next line of its cell, and where columns of figures
 * are too many they become rows. `of`: figures stand at the right of every column but the first, words at the left, with a
 * line between the rows.
 */
export function wrappedTable(
  of: 'figures' | 'words',
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number = tableWidth(),
): string {
  const over = turned([head, ...rows]);
  if (of === 'figures' && leastWidth([head, ...rows]) > width && leastWidth(over) <= width) {
    const [names = [], ...figures] = over;
    return wrappedTable(of, names, figures, width);
  }
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

/** A text whose words all fit: cli-table3 cuts one that is too long, and a path is one word. */
export const fitted = (text: string, width: number): string =>
  text
    .split(' ')
    .map((word) => (word.length > width ? word.replace(new RegExp(`.{${width}}`, 'g'), '$&\n') : word))
    .join(' ');

/** The widths of columns that hold these texts, padding included. */
export const widthsOf = (rows: readonly (readonly string[])[]): number[] =>
  (rows[0] ?? []).map(
    (_, i) =>
      Math.max(...rows.flatMap((row) => (row[i] ?? '').split('\n').map(({ length }) => length))) + PADDING,
  );
