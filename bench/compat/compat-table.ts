/**
 * The matrix of a place: a row for each lock that is held, a column for each that tries.
 */

import type { ChalkInstance } from 'chalk';
import { visible } from '../base/visible.js';
import { chalkForStdout } from '../text/table.js';
import type { CompatCell, CompatPlace } from './compat-schema.js';
import type { CompatVerdict } from './compat-verdict.js';

interface Sign {
  readonly sign: string;
  readonly meaning: string;
  readonly paint: (chalk: ChalkInstance) => (text: string) => string;
}

const SIGNS: Readonly<Record<CompatVerdict, Sign>> = {
  excludes: { sign: 'x', meaning: 'excludes', paint: ({ green }) => green },
  'does-not-see-it': { sign: '·', meaning: 'does not see it', paint: ({ dim }) => dim },
  'one-way': { sign: '<', meaning: 'only one way', paint: ({ red }) => red },
  'lets-two-in': { sign: '!', meaning: 'lets two in', paint: ({ red }) => red },
  'not-proven': { sign: '?', meaning: 'not proven', paint: ({ yellow }) => yellow },
  failed: { sign: 'E', meaning: 'failed', paint: ({ red }) => red },
};
/** Of a pair in which only one way excludes: the cell in which the other one got in. */
const GOT_IN = '>';

export const signOf = ({ verdict, gotIn }: CompatCell): string =>
  verdict === 'one-way' && gotIn === true ? GOT_IN : SIGNS[verdict].sign;

/** What a pair came to, in words. */
export const meaningOf = ({ verdict, gotIn }: Pick<CompatCell, 'verdict' | 'gotIn'>): string =>
  verdict === 'one-way'
    ? gotIn === true
      ? 'gets in, one way'
      : 'kept out, one way'
    : SIGNS[verdict].meaning;

/** The signs that occur, with what each means. */
export function legendOf(cells: readonly CompatCell[]): string[] {
  const found = new Set(cells.map(({ verdict }) => verdict));
  return Object.entries(SIGNS)
    .filter(([verdict]) => found.has(verdict as CompatVerdict))
    .map(([verdict, { sign, meaning }]) =>
      verdict === 'one-way' ? `${GOT_IN} ${sign} ${meaning}: ${GOT_IN} gets in` : `${sign} ${meaning}`,
    );
}

/** How many characters a column takes: as airy as there is room for. */
function columnWidth(columns: number, digits: number, room: number): number {
  return [digits + 2, digits + 1, 2].find((width) => columns * width <= room) ?? 1;
}

/** The numbers of columns, on one line where a column is wide enough, else with a digit on each. */
function headings(numbers: readonly number[], digits: number, width: number): string[] {
  if (width > digits) return [numbers.map((number) => String(number).padStart(width)).join('')];
  const texts = numbers.map((number) => String(number).padStart(digits));
  return Array.from({ length: digits }, (_, at) =>
    texts.map((text) => (text[at] ?? '').padStart(width)).join(''),
  );
}

/** Lines, none wider than `width` unless a name is; the legend is the last one. */
export function matrixOf({ where, locks, cells }: CompatPlace, width: number): string[] {
  const chalk = chalkForStdout();
  const digits = String(locks.length).length;
  const names = locks.map(({ name }, i) => `${String(i + 1).padStart(digits)} ${name}`);
  const head = 'held \\ tries';
  const nameWidth = Math.max(head.length, ...names.map(({ length }) => length)) + 2;
  const room = Math.max(1, width - nameWidth);
  const each = columnWidth(locks.length, digits, room);
  const byPair = new Map(cells.map((cell) => [JSON.stringify([cell.holder, cell.other]), cell]));
  const signed = (holder: string, other: string): string => {
    const cell = byPair.get(JSON.stringify([holder, other]));
    if (cell === undefined) return ''.padStart(each);
    return SIGNS[cell.verdict].paint(chalk)(signOf(cell).padStart(each));
  };
  const atOnce = Math.floor(room / each);
  const blocks = Array.from({ length: Math.ceil(locks.length / atOnce) }, (_, block) => {
    const first = block * atOnce;
    const columns = locks.slice(first, first + atOnce);
    const numbers = columns.map((_lock, i) => first + i + 1);
    return [
      ...headings(numbers, digits, each).map(
        (line, i, all) => `${(i === all.length - 1 ? head : '').padEnd(nameWidth)}${line}`,
      ),
      ...locks.map(({ name }, i) =>
        `${names[i]?.padEnd(nameWidth)}${columns.map((other) => signed(name, other.name)).join('')}`.trimEnd(),
      ),
    ];
  });
  return [
    chalk.cyan(visible(where)),
    ...blocks.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines])),
    legendOf(cells).join('   '),
  ];
}
