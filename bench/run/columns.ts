/**
 * The columns of a result's table, for the terminal and for Markdown alike: a heading, and what stands in it.
 */

import { bounds, digits, duration, percent, tellsBounds } from '../base/format.js';
import { countsPerTurn, timedTurns } from '../measure/result/per-turn.js';
import { cellName, turnsOf } from '../measure/result/result.js';
import type { Cell, MeasuredCell } from '../measure/result/result-schema.js';

export interface Column {
  readonly heading: string;
  readonly align: 'left' | 'right';
  /** Left out where the terminal is narrower than this many characters. */
  readonly from: number;
  text(cell: MeasuredCell): string;
}

function exclusion({ verdict }: MeasuredCell): string {
  switch (verdict.exclusion) {
    case 'held':
      return String(verdict.handoffs);
    case 'violated':
      return 'VIOLATED';
    case 'unchecked':
      return '-';
  }
}

function updates(cell: MeasuredCell): string {
  const { verdict } = cell;
  if (verdict.changedReads > 0) return `${verdict.changedReads} CHANGED`;
  if (verdict.sequence === 'intact') return '0';
  return verdict.lost === 0 ? 'WRONG END' : percent(verdict.lost / turnsOf(cell));
}

/** Terminals of 100 columns, and what a table is made for when there is no terminal. */
const WIDE = 96;
const WIDER = 108;
const WIDEST = 120;

/** The columns for which there is room. */
export const columnsWithin = (width: number, cells: readonly Cell[] = []): readonly Column[] =>
  [...columns.slice(0, -EXCLUSION_COLUMNS), ...more(cells), ...columns.slice(-EXCLUSION_COLUMNS)].filter(
    ({ from }) => width >= from,
  );

/** What stands at the end of a row, and is read first. */
const EXCLUSION_COLUMNS = 2;

/** For who asks why a lock costs what it costs. */
const more = (cells: readonly Cell[]): readonly Column[] =>
  countsPerTurn(cells).map(({ heading, of }) => ({
    heading,
    align: 'right',
    from: WIDEST,
    text(cell) {
      const count = of(cell);
      return count === null ? '-' : digits(count);
    },
  }));

/** The heading of the column that the sentences below a table explain. */
export const BOUNDS = 'low–high';

export const columns: readonly Column[] = [
  { heading: 'strategy/wait', align: 'left', from: 0, text: cellName },
  {
    heading: 'per increment',
    align: 'right',
    from: 0,
    text: ({ nsPerIncrement }) => duration(nsPerIncrement.median),
  },
  {
    heading: BOUNDS,
    align: 'right',
    from: WIDE,
    text: ({ nsPerIncrement }) =>
      tellsBounds(nsPerIncrement)
        ? bounds(nsPerIncrement.low, nsPerIncrement.high, nsPerIncrement.median)
        : '-',
  },
  {
    heading: 'x\u00a0fcntl',
    align: 'right',
    from: 0,
    text: ({ ratio }) => (ratio === null ? '-' : digits(ratio.median)),
  },
  {
    heading: 'owner changes',
    align: 'right',
    from: 0,
    text: (cell) =>
      cell.conditions.processes - cell.conditions.readers < 2 || cell.contention === null
        ? '-'
        : percent(cell.contention.ownerChanges / timedTurns(cell)),
  },
  {
    heading: 'wait p99',
    align: 'right',
    from: WIDER,
    text: ({ acquireNs }) => (acquireNs === null ? '-' : duration(acquireNs.p99)),
  },
  {
    heading: 'CPU',
    align: 'right',
    from: WIDE,
    text: (cell) => duration((cell.cpu.userNs + cell.cpu.systemNs) / timedTurns(cell)),
  },
  { heading: 'excluded in hand-offs', align: 'right', from: 0, text: exclusion },
  { heading: 'lost updates', align: 'left', from: 0, text: updates },
];
