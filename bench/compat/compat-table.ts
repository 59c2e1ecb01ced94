/**
 * The matrix of a place: a row for each lock that is held, a column for each that tries.
 */
import type { ChalkInstance } from 'chalk';
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

const signOf = ({ verdict, gotIn }: CompatCell): string =>
  verdict === 'one-way' && gotIn === true ? GOT_IN : SIGNS[verdict].sign;

/** Lines; the legend is the last one. */
export function matrixOf({ where, locks, cells }: CompatPlace): string[] {
  const chalk = chalkForStdout();
  const digits = String(locks.length).length;
  const names = locks.map(({ name }, i) => `${String(i + 1).padStart(digits)} ${name}`);
  const head = 'held \\ tries';
  const nameWidth = Math.max(head.length, ...names.map(({ length }) => length)) + 2;
  const column = (text: string): string => text.padStart(digits + 2);
  const rows = locks.map(({ name: holder }, i) => {
    const signs = locks.map(({ name: other }) => {
      const cell = cells.find((one) => one.holder === holder && one.other === other);
      if (cell === undefined) return column('');
      return SIGNS[cell.verdict].paint(chalk)(column(signOf(cell)));
    });
    return `${names[i]?.padEnd(nameWidth)}${signs.join('')}`.trimEnd();
  });
  const found = new Set(cells.map(({ verdict }) => verdict));
  const legend = Object.entries(SIGNS)
    .filter(([verdict]) => found.has(verdict as CompatVerdict))
    .map(([verdict, { sign, meaning }]) =>
      verdict === 'one-way' ? `${GOT_IN} ${sign} ${meaning}: ${GOT_IN} gets in` : `${sign} ${meaning}`,
    );
  return [
    chalk.cyan(where),
    `${head.padEnd(nameWidth)}${locks.map((_, i) => column(String(i + 1))).join('')}`,
    ...rows,
    legend.join('   '),
  ];
}
