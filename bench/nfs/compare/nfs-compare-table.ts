/**
 * The lab's comparison as tables: one a client layout, a row a lock, a column a version of NFS and a way of opening the number.
 */

import type { ChalkInstance } from 'chalk';
import { formatDuration } from '../../base/duration.js';
import { digits, duration, percent, plural } from '../../base/format.js';
import { isMeasured } from '../../measure/result/result.js';
import type { Cell, Conditions, MeasuredCell, Result } from '../../measure/result/result-schema.js';
import { lostShare, type NfsMatrix, nfsMatrices, nfsVerdict } from '../../measure/verdict/nfs-verdict.js';
import { chalkForStdout, plainTable } from '../../text/table.js';

/** "3 clients, 1 process each, round trip + 0s". */
export function describeClientLayout({ nfs, processes }: Conditions): string {
  const { clients = 1, roundTripNs = 0 } = nfs ?? {};
  const each = processes / clients;
  const who = clients === 1 ? plural(processes, 'process') : `${plural(each, 'process')} each`;
  const network = roundTripNs === 0 ? '' : `, ${formatDuration(roundTripNs)} added to a round trip`;
  return `${plural(clients, 'client')}, ${Number.isInteger(each) ? who : plural(processes, 'process')}${network}`;
}

/** What the cell says of the lock and its data, short. */
function wordOf(cell: MeasuredCell): string {
  switch (nfsVerdict(cell)) {
    case 'alone':
      return '';
    case 'safe':
      return 'safe';
    case 'violated':
      return 'TWO INSIDE';
    case 'stale':
      return `LOSES ${percent(lostShare(cell))}`;
    case 'unchecked':
      return 'unchecked';
  }
}

function cost({ nsPerIncrement, ratio }: MeasuredCell): string {
  const times = ratio === null ? '' : ` (${digits(ratio.median)}x)`;
  return `${duration(nsPerIncrement.median)}${times}`;
}

/** The lines of a table's cell: the verdict, then the cost. */
export function nfsFigures(cell: Cell | undefined): string[] {
  if (cell === undefined) return [];
  if (!isMeasured(cell)) return [cell.state];
  return [wordOf(cell), cost(cell)].filter((line) => line !== '');
}

const painted = (cell: Cell | undefined, lines: readonly string[], chalk: ChalkInstance): string => {
  const [first = '', ...rest] = lines;
  if (cell === undefined || !isMeasured(cell)) return lines.join('\n');
  const verdict = nfsVerdict(cell);
  const paint = { safe: chalk.green, stale: chalk.yellow, violated: chalk.red } as const;
  const colour = verdict === 'alone' || verdict === 'unchecked' ? (text: string) => text : paint[verdict];
  return [colour(first), ...rest].join('\n');
};

function tableOf(matrix: NfsMatrix, chalk: ChalkInstance): string {
  const { columns, names, cell } = matrix;
  const head = ['strategy/wait', ...columns.map(({ version, number }) => `${version}\n${number}`)];
  const rows = names.map((name) => [
    name.length > 14 ? name.replace('/', '/\n') : name,
    ...columns.map((column) => {
      const found = cell(name, column);
      return painted(found, nfsFigures(found), chalk);
    }),
  ]);
  return plainTable(head, rows);
}

/** All tables, each under a line that says who took part. */
export function nfsTables(result: Result): string {
  const chalk = chalkForStdout();
  return nfsMatrices(result)
    .map((matrix) => `${chalk.cyan(describeClientLayout(matrix.conditions))}\n${tableOf(matrix, chalk)}`)
    .join('\n');
}
