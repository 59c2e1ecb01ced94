/**
 * A result as a table for the terminal: a section for each directory and number of processes, the fastest lock first,
 * what failed below.
 */

import type { ChalkInstance } from 'chalk';
import { describeConditions, type Group, groupsOf } from '../measure/result/groups.js';
import { cellName, isMeasured } from '../measure/result/result.js';
import type { MeasuredCell, Result } from '../measure/result/result-schema.js';
import { areTold, ties } from '../measure/verdict/ranking.js';
import { chalkForStdout, fitted, PADDING, STYLE, Table, tableWidth, widthsOf } from '../text/table.js';
import { type Column, columnsWithin } from './columns.js';

const LEAST_NAME_WIDTH = 17;

/** A heading on as many lines as it has words: a table's width is its figures', not its headings'. */
const stacked = (heading: string): string => heading.replaceAll(' ', '\n');

/** The figures of a cell; the fastest lock of its group says that it is the 1st, and those that cannot be told from it. */
function figuresOf(cell: MeasuredCell, shown: readonly Column[], { ranked }: Group): string[] {
  const texts = shown.map((column) => column.text(cell));
  const [first = []] = ties(ranked);
  if (ranked.length < 2 || !areTold(ranked) || !first.includes(cell)) return texts;
  return [...texts.slice(0, -1), `${texts.at(-1)}, ${first.length === 1 ? '' : '≈ '}1st`];
}

/** The table as text. `controls`: strategies that are measured but no candidates. */
export function resultTable(
  result: Result,
  controls: ReadonlySet<string>,
  width: number = tableWidth(),
): string {
  const chalk = chalkForStdout();
  const shown = columnsWithin(width, result.cells);
  const groups = groupsOf(result, controls);
  const headings = shown.map(({ heading }) => stacked(heading));
  const figures = groups.flatMap((group) =>
    group.cells.filter(isMeasured).map((cell) => figuresOf(cell, shown, group)),
  );
  const colWidths = widthsOf([headings, ...figures, ...result.cells.map((cell) => [cellName(cell)])]);
  const excess = colWidths.reduce((sum, one) => sum + one + 1, 1) - width;
  // Only names may grow long; they are cut after the strategy, before the slash.
  const nameWidth = Math.max(LEAST_NAME_WIDTH, (colWidths[0] ?? 0) - Math.max(0, excess));
  colWidths[0] = nameWidth;
  const name = (text: string): string => {
    if (text.length + PADDING <= nameWidth) return text;
    // cli-table3 would cut a word that is longer than its column.
    const isLong = text.indexOf('/') + PADDING > nameWidth;
    return (isLong ? text.replace(/-(?=[^-/]*\/)/, '-\n') : text).replace('/', '\n/');
  };

  const innerWidth = colWidths.reduce((sum, one) => sum + one + 1, -1) - PADDING;

  const table = new Table({
    head: headings.map((heading) => chalk.bold(heading)),
    colAligns: shown.map(({ align }) => align),
    colWidths,
    style: STYLE,
    wordWrap: true,
  });
  for (const group of groups) {
    const heading = describeConditions(group.conditions, result.environment.cpus);
    table.push([{ content: chalk.cyan(fitted(heading, innerWidth)), colSpan: shown.length, hAlign: 'left' }]);
    for (const cell of group.cells) {
      if (!isMeasured(cell)) {
        const reason = {
          content: fitted(`${cell.state}: ${cell.reason}`, innerWidth - nameWidth - 1),
          colSpan: shown.length - 1,
          hAlign: 'left',
        } as const;
        table.push([name(cellName(cell)), reason]);
        continue;
      }
      const [first = '', ...rest] = figuresOf(cell, shown, group);
      const paint = paintFor(cell, group, controls, chalk);
      table.push([name(first), ...rest].map((text) => paint(text)));
    }
  }
  return table.toString();
}

function paintFor(
  cell: MeasuredCell,
  { ranked }: Group,
  controls: ReadonlySet<string>,
  chalk: ChalkInstance,
): (text: string) => string {
  if (cell.state === 'failed-verdict') return chalk.red;
  if (cell === ranked[0]) return chalk.green;
  return controls.has(cell.strategy) ? chalk.dim : (text) => text;
}
