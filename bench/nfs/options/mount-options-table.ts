/**
 * Mount options as tables: one a version of NFS, a row an option; for each strategy what one client sees, and beside it
 * what happens between clients.
 */

import type { ChalkInstance } from 'chalk';
import { percent } from '../../base/format.js';
import { cellName } from '../../measure/result/result.js';
import { chalkForStdout, plainTable } from '../../text/table.js';
import type { MountedOption, MountOptionsResult, OptionCell, OptionMount } from './mount-options-schema.js';
import { CONTROL, outcomeOf } from './mount-options-verdict.js';

/** A pair of columns. */
interface Column {
  readonly name: string;
  readonly clients: number;
}

function wordOf(cell: OptionCell, chalk: ChalkInstance): string {
  if (cell.state !== 'proven') return cell.state;
  switch (outcomeOf(cell)) {
    case 'safe':
      return chalk.green('safe');
    case 'violated':
      return chalk.red('TWO INSIDE');
    case 'stale':
      return chalk.yellow(`LOSES ${percent(cell.verdict.lost / cell.turns)}`);
    case 'unchecked':
      return 'unchecked';
  }
}

/** What was found with the number kept open; below it, where that lost updates, with the number reopened. */
function wordsOf({ cells }: MountedOption, { name, clients }: Column, chalk: ChalkInstance): string {
  const found = cells.filter((cell) => cellName(cell) === name && cell.clients === clients);
  return found
    .map((cell) => (cell.number === 'kept-open' ? '' : 'reopened:\n') + wordOf(cell, chalk))
    .join('\n');
}

function columnsOf(mounts: readonly OptionMount[]): Column[] {
  const all = mounts.flatMap((mount) => (mount.state === 'mounted' ? mount.cells : []));
  // The control is not a candidate: a sentence reports it.
  const cells = all.filter(({ strategy }) => strategy !== CONTROL);
  const clients = [...new Set(cells.map((cell) => cell.clients))].sort((a, b) => a - b);
  return [...new Set(cells.map(cellName))].flatMap((name) => clients.map((n) => ({ name, clients: n })));
}

function tableOf(mounts: readonly OptionMount[], chalk: ChalkInstance): string {
  const columns = columnsOf(mounts);
  const head = [
    'option',
    ...columns.map(
      ({ name, clients }) => `${name.replace('/', '/\n')}\n${clients} client${clients === 1 ? '' : 's'}`,
    ),
  ];
  const rows = mounts.map((mount) => [
    mount.option,
    ...(mount.state === 'mounted'
      ? columns.map((column) => wordsOf(mount, column, chalk))
      : columns.map((_, i) => (i === 0 ? (mount.state === 'same' ? `as ${mount.as}` : 'refused') : ''))),
  ]);
  return plainTable(head, rows);
}

/** All tables, each under the name of its version. */
export function mountOptionsTables({ mounts }: MountOptionsResult): string {
  const chalk = chalkForStdout();
  const versions = [...new Set(mounts.map(({ version }) => version))];
  return versions
    .map((version) => {
      const own = mounts.filter((mount) => mount.version === version);
      return `${chalk.cyan(`NFS${version}`)}\n${tableOf(own, chalk)}`;
    })
    .join('\n');
}
