/**
 * Tables in Markdown, whose cells are texts unless they were made here: what stands in one is escaped, whatever it says.
 */
import { inMarkdown } from '../base/visible.js';

/** Markup of our own. */
export class Markdown {
  constructor(readonly text: string) {}
}

export type MarkdownCell = string | Markdown;

/** A bar would end its cell. */
const shown = (cell: MarkdownCell): string =>
  cell instanceof Markdown ? cell.text : inMarkdown(cell).replaceAll('|', '\\|');

/** A line of a table. */
const rowOf = (cells: readonly MarkdownCell[]): string => `| ${cells.map(shown).join(' | ')} |`;

/** A table's lines: `alignments` are ":--" or "--:" for each column, or ":--" for all. */
export const markdownTable = (
  head: readonly string[],
  rows: readonly (readonly MarkdownCell[])[],
  alignments: readonly string[] = head.map(() => ':--'),
): string[] => [rowOf(head), `| ${alignments.join(' | ')} |`, ...rows.map(rowOf)];

/** Sentences as the items of a list. */
export const markdownList = (lines: readonly string[]): string[] =>
  lines.map((line) => `- ${inMarkdown(line)}`);
