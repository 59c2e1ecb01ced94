/**
 * The result of `lockbench reproduce` for the terminal: each experiment as soon as it is over, and all of them in a table.
 */

import { duration } from '../base/format.js';
import { chalkForStdout, wrappedTable } from '../text/table.js';
import type { Outcome, Reproduction, Table, Verdict } from './experiment/reproduction-schema.js';

/** "holds under synchronous directory updates"; what was not seen holds nowhere yet: "not here; predicted under …". */
export function answerOf(verdict: Verdict): string {
  if (verdict.answer !== 'holds under') return verdict.answer;
  return `${verdict.predicted === true ? 'not here; predicted' : 'holds'} under ${verdict.under}`;
}

/** What stands in the summary: what was claimed, what the book has, what was here, and the answer. */
export const SUMMARY_HEAD = ['experiment', 'claim', 'book', 'here', 'answer'] as const;

export function summaryRow(outcome: Outcome): string[] {
  const { name, claim, book } = outcome;
  return outcome.state === 'measured'
    ? [name, claim, book, outcome.verdict.here, answerOf(outcome.verdict)]
    : [name, claim, book, '-', outcome.state];
}

export const summaryText = ({ outcomes }: Pick<Reproduction, 'outcomes'>): string =>
  wrappedTable('words', SUMMARY_HEAD, outcomes.map(summaryRow));

const tableText = ({ title, head, rows }: Table): string =>
  `${title}:\n${wrappedTable('figures', head, rows)}`;

/** An experiment that is over, with its tables. */
export function outcomeText(outcome: Outcome): string {
  const chalk = chalkForStdout();
  const { name, title, claim, source, book, method } = outcome;
  const claimed = [chalk.bold(`${name}: ${title}`), `Claim: ${claim} (${source})`];
  if (outcome.state !== 'measured') {
    return [...claimed, chalk.yellow(`${outcome.state}: ${outcome.reason}`), ''].join('\n');
  }
  const { verdict, tables, warnings, tookNs } = outcome;
  const holds =
    verdict.answer === 'holds' || (verdict.answer === 'holds under' && verdict.predicted !== true);
  const paint = holds ? chalk.green : verdict.answer === 'holds under' ? chalk.yellow : chalk.red;
  return [
    ...claimed,
    `Method: ${method}`,
    `Book: ${book}`,
    `Here: ${verdict.here}`,
    `${paint(answerOf(verdict))}: ${verdict.why}`,
    ...tables.map(tableText),
    ...warnings.map((warning) => `Warning: ${warning}.`),
    `It took ${duration(tookNs)}.`,
    '',
  ].join('\n');
}
