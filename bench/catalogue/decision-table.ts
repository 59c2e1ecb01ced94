/**
 * What to take for the usual needs, a line each: for who cannot be asked.
 */
import { duration } from '../base/format.js';
import { projectRoot } from '../machine/project.js';
import { cellName } from '../measure/result/result.js';
import { textWidth } from '../text/table.js';
import { folded } from '../text/words.js';
import { choice } from './choice.js';
import type { Figures } from './figures.js';
import { LANGUAGE_NEEDS, LANGUAGE_OPTION } from './language-need.js';
import { type Candidate, NEEDS, type Need } from './needs.js';
import { fewTake } from './programs.js';

/** Needs that often come together, besides each alone. */
const TOGETHER: readonly (readonly string[])[] = [
  ['--crash', '--nfs'],
  ['--crash', '--readers'],
  ['--crash', '--other-languages', '--no-block'],
];

/** All options that say what is needed. */
export const optionNames = (): string[] => [
  LANGUAGE_OPTION,
  ...NEEDS.flatMap(({ option, opposite }) => (opposite === undefined ? [option] : [option, opposite])),
];

const combinations = (): (readonly Need[])[] => [
  [],
  ...LANGUAGE_NEEDS.map((need) => [need]),
  ...NEEDS.map((need) => [need]),
  ...TOGETHER.map((options) => NEEDS.filter(({ option }) => options.includes(option))),
];

export function decisionLines(candidates: readonly Candidate[], { run, source }: Figures): string[] {
  const rows = combinations().map((needs) => {
    const [first] = choice(candidates, needs, run).fits;
    const options =
      needs.length === 0 ? '(only to exclude on one host)' : needs.map(({ option }) => option).join(' ');
    return first === undefined
      ? [options, 'none that was measured', '', '']
      : [
          options,
          `${cellName(first.cell)}${fewTake(first.candidate.strategy, projectRoot)}`,
          duration(first.cell.nsPerIncrement.median),
          first.candidate.strategy.claims.holderDies,
        ];
  });
  const table = [['needed', 'take', 'cost', 'holder dies'], ...rows];
  const widths = [0, 1, 2].map((i) => Math.max(...table.map((row) => (row[i] ?? '').length)));
  return [
    ...table.map((row) =>
      row
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    '',
    ...folded(`Costs of an increment: ${source}.`, textWidth()),
    ...folded(`Say what is needed for more, and how to take it: ${optionNames().join(' ')}.`, textWidth()),
  ];
}
