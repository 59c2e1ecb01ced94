/**
 * What the kernel and the processor counted while a cell's turns were timed, for each turn: the table of the terminal has it,
 * and that of the page.
 */
import { isMeasured, timingRounds } from './result.js';
import type { Cell, MeasuredCell } from './result-schema.js';

export interface CountPerTurn {
  readonly heading: string;
  /** Null where it was not counted. */
  of(cell: MeasuredCell): number | null;
}

export const timedTurns = (cell: MeasuredCell): number =>
  timingRounds(cell).reduce((sum, { turns }) => sum + turns, 0);

const SWITCHES: CountPerTurn = {
  heading: 'switches',
  of: (cell) => (cell.cpu.voluntarySwitches + cell.cpu.involuntarySwitches) / timedTurns(cell),
};

const counted = (heading: string, what: keyof NonNullable<MeasuredCell['cpu']['counts']>): CountPerTurn => ({
  heading,
  of(cell) {
    const count = cell.cpu.counts?.[what];
    return count === undefined ? null : count / timedTurns(cell);
  },
});

const BY_PROCESSOR = [
  counted('instructions', 'instructions'),
  counted('cycles', 'cycles'),
  counted('cache misses', 'cacheMisses'),
];

/** Those that any of the cells has: a counter that the processor does not show has no column. */
export function countsPerTurn(cells: readonly Cell[]): readonly CountPerTurn[] {
  const isCounted = cells.some((cell) => isMeasured(cell) && cell.cpu.counts !== undefined);
  return isCounted ? [SWITCHES, ...BY_PROCESSOR] : [SWITCHES];
}
