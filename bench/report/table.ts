/**
 * A result as a table for the terminal: a section for each directory and number of processes, the fastest lock first,
 * what failed below. This is the one file that knows cli-table3.
 */
import { Chalk, type ChalkInstance, supportsColor } from 'chalk';
import Table from 'cli-table3';
import { type Column, columns } from './columns.js';
import { describeConditions, groupsOf } from './groups.js';
import { type Cell, cellName, isMeasured, type Result } from './result.js';

const WIDE = 96;
const UNKNOWN_WIDTH = 100;

function chalkForStdout(): ChalkInstance {
  const wanted = (process.env.NO_COLOR ?? '') === '' && supportsColor !== false;
  return new Chalk({ level: wanted ? 1 : 0 });
}

/** A row that has no figures: its name, and its reason over the other columns. */
function reasonRow(cell: Exclude<Cell, { nsPerIncrement: unknown }>, shown: readonly Column[]): Table.Cell[] {
  return [
    cellName(cell),
    { content: `${cell.state}: ${cell.reason}`, colSpan: shown.length - 1, wordWrap: true } as Table.Cell,
  ];
}

const STYLE = { head: [], border: [], compact: true, 'padding-left': 1, 'padding-right': 1 };

/** A table of plain texts: the first column is a name, the others are figures. */
export function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const chalk = chalkForStdout();
  const table = new Table({
    head: head.map((heading) => chalk.bold(heading)),
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
    style: STYLE,
  });
  for (const row of rows) table.push([...row]);
  return table.toString();
}

/** The table as text. `controls`: strategies that are measured but no candidates. */
export function resultTable(
  result: Result,
  controls: ReadonlySet<string>,
  width: number = process.stdout.columns ?? UNKNOWN_WIDTH,
): string {
  const chalk = chalkForStdout();
  const shown = columns.filter(({ wide }) => !wide || width >= WIDE);
  const table = new Table({
    head: shown.map(({ heading }) => chalk.bold(heading)),
    colAligns: shown.map(({ align }) => align),
    style: STYLE,
    wordWrap: true,
  });
  for (const { conditions, cells, ranked } of groupsOf(result, controls)) {
    const heading = describeConditions(conditions, result.environment.cpus);
    table.push([{ content: chalk.cyan(heading), colSpan: shown.length, hAlign: 'left' }]);
    const [fastest] = ranked;
    for (const cell of cells) {
      if (!isMeasured(cell)) {
        table.push(reasonRow(cell, shown));
        continue;
      }
      const texts = shown.map((column) => column.text(cell));
      if (cell === fastest && ranked.length > 1) texts[texts.length - 1] += ', fastest';
      const paint =
        cell.state === 'failed-verdict'
          ? chalk.red
          : cell === fastest
            ? chalk.green
            : controls.has(cell.strategy)
              ? chalk.dim
              : (text: string) => text;
      table.push(texts.map((text) => paint(text)));
    }
  }
  return table.toString();
}
