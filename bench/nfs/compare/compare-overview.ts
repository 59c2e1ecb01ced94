/**
 * The lab's comparison at a glance, in Markdown: a row for each lock, a column for each version of NFS and way of opening
 * the number.
 */

import type { Result } from '../../measure/result/result-schema.js';
import { type NfsMatrix, nfsMatrices } from '../../measure/verdict/nfs-verdict.js';
import { markdownTable } from '../../text/markdown.js';
import type { Companions } from '../../text/outputs.js';
import { recordedReadme } from '../../text/recorded-readme.js';
import { describeClientLayout, nfsFigures } from './nfs-compare-table.js';

const tableOf = ({ columns, names, cell }: NfsMatrix, chosen: (name: string) => boolean): string[] =>
  markdownTable(
    ['strategy/wait', ...columns.map(({ version, number }) => `${version}, ${number}`)],
    names
      .filter(chosen)
      .map((name) => [name, ...columns.map((column) => nfsFigures(cell(name, column)).join(', '))]),
    [':--', ...columns.map(() => '--:')],
  );

/** All client layouts, each under a heading. */
const nfsSections = (result: Result): string[] =>
  nfsMatrices(result).flatMap((matrix) => [
    `## ${describeClientLayout(matrix.conditions)}`,
    '',
    ...tableOf(matrix, () => true),
    '',
  ]);

/** The client layout with the most clients alone. `only`: one strategy, or null for all. */
export function nfsOverview(result: Result, only: string | null): string[] {
  const [matrix] = nfsMatrices(result);
  return matrix === undefined ? [] : tableOf(matrix, (name) => only === null || name.startsWith(`${only}/`));
}

/** What lies beside the result of a comparison. */
export const recordFiles: Companions<Result> = (result, name) => ({
  'README.md': recordedReadme(name, result, nfsSections(result)),
});
