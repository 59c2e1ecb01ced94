/**
 * Tables in Markdown.
 */

/** A line of a table; a bar in a text would end its cell. */
export const markdownRow = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** A table's lines: `alignments` are ":--" or "--:" for each column, or ":--" for all. */
export const markdownTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly string[] = head.map(() => ':--'),
): string[] => [markdownRow(head), markdownRow(alignments), ...rows.map(markdownRow)];
