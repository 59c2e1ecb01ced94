/**
 * The columns of a result's table, for the terminal and for Markdown alike: a heading, and what stands in it.
 */

import { bounds, digits, duration, percent } from './format.js';
import { cellName, type MeasuredCell } from './result.js';

export interface Column {
  readonly heading: string;
  readonly align: 'left' | 'right';
  /** Left out where the terminal is narrow. */
  readonly wide: boolean;
  text(cell: MeasuredCell): string;
}

const turnsOf = ({ rounds }: MeasuredCell): number => rounds.reduce((sum, { turns }) => sum + turns, 0);

const share = (part: number, cell: MeasuredCell): string => percent(part / turnsOf(cell));

function verdict(cell: MeasuredCell): string {
  if (cell.verdict.sequence === 'intact') return 'none lost';
  return cell.verdict.lost === 0 ? 'WRONG END' : `LOST ${share(cell.verdict.lost, cell)}`;
}

export const columns: readonly Column[] = [
  { heading: 'strategy/wait', align: 'left', wide: false, text: cellName },
  {
    heading: 'per increment',
    align: 'right',
    wide: false,
    text: ({ nsPerIncrement }) => duration(nsPerIncrement.median),
  },
  {
    heading: 'low–high',
    align: 'right',
    wide: true,
    text: ({ nsPerIncrement: { low, high, median } }) => bounds(low, high, median),
  },
  {
    heading: '×\u00a0fcntl',
    align: 'right',
    wide: false,
    text: ({ ratio }) => (ratio === null ? '-' : digits(ratio.median)),
  },
  {
    heading: 'owner changes',
    align: 'right',
    wide: false,
    text: (cell) =>
      cell.conditions.processes === 1 || cell.contention === null
        ? '-'
        : share(cell.contention.ownerChanges, cell),
  },
  {
    heading: 'CPU',
    align: 'right',
    wide: true,
    text: (cell) => duration((cell.cpu.userNs + cell.cpu.systemNs) / turnsOf(cell)),
  },
  { heading: 'updates', align: 'left', wide: false, text: verdict },
];
