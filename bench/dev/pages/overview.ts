/**
 * A result at a glance, in Markdown: a row for each strategy, a column for each directory and number of processes. Pages
 * quote recorded runs through it, so that no figure is copied by hand.
 */

import { digits, duration, percent, plural } from '../../base/format.js';
import { cellName, isMeasured, turnsOf } from '../../measure/result/result.js';
import type { Cell, Conditions, Result } from '../../measure/result/result-schema.js';
import { nfsOverview } from '../../nfs/compare/compare-overview.js';
import { Markdown, type MarkdownCell, markdownTable } from '../../text/markdown.js';

const heading = ({ directory, processes }: Conditions): string =>
  `${directory.path} (${directory.filesystem}), ${plural(processes, 'process')}`;

function figure(cell: Cell | undefined): MarkdownCell {
  if (cell === undefined) return '';
  if (!isMeasured(cell)) return cell.state;
  const { nsPerIncrement, ratio, verdict } = cell;
  if (cell.state === 'failed-verdict') {
    return new Markdown(
      verdict.lost > 0 ? `**lost ${percent(verdict.lost / turnsOf(cell))}**` : '**failed**',
    );
  }
  const times = ratio === null ? '' : ` (${digits(ratio.median)}x)`;
  return `${duration(nsPerIncrement.median)}${times}`;
}

/** The table's lines. `only`: one strategy, or null for all. */
export function overview(result: Result, only: string | null): string[] {
  const { cells } = result;
  if (cells.some(({ conditions }) => conditions.nfs !== undefined)) return nfsOverview(result, only);
  const chosen = cells.filter(({ strategy }) => only === null || strategy === only);
  if (chosen.length === 0)
    return [`Not in this run: \`npx lockbench run --strategies ${only}\` measures it.`];
  const columns = [...new Set(chosen.map(({ conditions }) => heading(conditions)))];
  const names = [...new Set(chosen.map(cellName))];
  return markdownTable(
    ['strategy/wait', ...columns],
    names.map((name) => [
      name,
      ...columns.map((column) =>
        figure(chosen.find((cell) => cellName(cell) === name && heading(cell.conditions) === column)),
      ),
    ]),
    [':--', ...columns.map(() => '--:')],
  );
}
