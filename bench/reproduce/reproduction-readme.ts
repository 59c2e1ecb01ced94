/**
 * The result of `lockbench reproduce` in Markdown: the README of a record, and what pages quote of it.
 */

import { inMarkdown } from '../base/visible.js';
import { markdownTable } from '../text/markdown.js';
import { recordHead } from '../text/recorded-readme.js';
import type { Outcome, Reproduction, Table } from './experiment/reproduction-schema.js';
import { answerOf, SUMMARY_HEAD, summaryRow } from './reproduction-text.js';

const withoutTitle = ({ head, rows }: Table): string[] =>
  markdownTable(head, rows, [':--', ...head.slice(1).map(() => '--:')]);

const tableLines = (table: Table): string[] => [
  `${inMarkdown(table.title)}:`,
  '',
  ...withoutTitle(table),
  '',
];

/** The summary of all experiments. */
export const summaryLines = ({ outcomes }: Reproduction): string[] =>
  markdownTable(SUMMARY_HEAD, outcomes.map(summaryRow));

/** One experiment: its answer and its tables. */
export function outcomeLines(outcome: Outcome): string[] {
  if (outcome.state !== 'measured') return [inMarkdown(`${outcome.state}: ${outcome.reason}`)];
  const { verdict, tables, book } = outcome;
  const lines = [
    `Book: ${inMarkdown(book)}. Here: ${inMarkdown(verdict.here)}. **${inMarkdown(answerOf(verdict))}**: ${inMarkdown(verdict.why)}`,
    '',
    ...tables.flatMap(tableLines),
  ];
  return lines.slice(0, -1);
}

/** The most telling table of an experiment, without its title. Throws an Error if it was not measured. */
export function firstTableLines(outcome: Outcome): string[] {
  const [table] = outcome.state === 'measured' ? outcome.tables : [];
  if (table === undefined)
    throw new Error(`${outcome.name}: a table was expected, the experiment is ${outcome.state}`);
  return withoutTitle(table);
}

/** `drawings`: files beside the README, by the experiment that each shows. */
export function reproductionReadme(
  name: string,
  result: Reproduction,
  drawings: ReadonlyMap<string, string>,
): string {
  return [
    ...recordHead(name, result),
    ...summaryLines(result),
    '',
    ...result.outcomes.flatMap((outcome) => {
      const drawing = drawings.get(outcome.name);
      return [
        `## ${inMarkdown(`${outcome.name}: ${outcome.title}`)}`,
        '',
        inMarkdown(`${outcome.claim} (${outcome.source}) ${outcome.method}`),
        '',
        ...outcomeLines(outcome),
        '',
        ...(drawing === undefined ? [] : [`![${inMarkdown(outcome.title)}](${drawing})`, '']),
      ];
    }),
    'All evidence is in [result.json](result.json).',
    '',
  ].join('\n');
}
