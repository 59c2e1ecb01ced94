/**
 * The README of a recorded run, in Markdown, made from its result alone.
 */

import { inMarkdown } from '../base/visible.js';
import { describeConditions, groupsOf } from '../measure/result/groups.js';
import { cellName, isMeasured } from '../measure/result/result.js';
import type { Result } from '../measure/result/result-schema.js';
import { markdownList, markdownTable } from '../text/markdown.js';
import type { Companions } from '../text/outputs.js';
import { recordedReadme } from '../text/recorded-readme.js';
import { columns } from './columns.js';

/** A table for each group, under a heading. */
export function resultTables(result: Result): string[] {
  return groupsOf(result, new Set()).flatMap(({ conditions, cells }) => [
    `## ${inMarkdown(describeConditions(conditions, result.environment.cpus))}`,
    '',
    ...markdownTable(
      columns.map(({ heading }) => heading),
      cells.map((cell) =>
        isMeasured(cell)
          ? columns.map(({ text }) => text(cell))
          : [cellName(cell), `${cell.state}: ${cell.reason}`, ...columns.slice(2).map(() => '')],
      ),
      columns.map(({ align }) => (align === 'right' ? '--:' : ':--')),
    ),
    '',
  ]);
}

/** What the terminal printed under the tables. */
const sentences = ({ findings = [] }: Result): string[] =>
  findings.length === 0 ? [] : ['## Findings', '', ...markdownList(findings), ''];

/** What lies beside the result of a run. */
export const recordFiles: Companions<Result> = (result, name) => ({
  'README.md': recordedReadme(name, result, [...resultTables(result), ...sentences(result)]),
});
