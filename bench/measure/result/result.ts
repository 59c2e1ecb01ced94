/**
 * What is asked of a result everywhere.
 */

/** The rounds that were timed. */
export const timingRounds = ({ rounds }: Pick<MeasuredCell, 'rounds'>): TimingRound[] =>
  rounds.filter((round) => round.kind === 'timing');

/** Turns of all rounds of any kind. */
export const turnsOf = ({ rounds }: Pick<MeasuredCell, 'rounds'>): number =>
  rounds.reduce((sum, { turns }) => sum + turns, 0);

/** Whether there is anybody to be kept out: readers alone are not. */
export const needsProof = ({ processes, readers }: Conditions): boolean =>
  processes > 1 && processes > readers;

export const isMeasured = (cell: Cell): cell is MeasuredCell => 'nsPerIncrement' in cell;
interface Named {
  readonly strategy: string;
  readonly runtime?: string | undefined;
}

const mark = (runtime: string | undefined): string => (runtime === undefined ? '' : ` [${runtime}]`);

/** `fcntl`, or `fcntl [c]` in another runtime than Node. */
export const lockName = ({ strategy, runtime }: Named): string => `${strategy}${mark(runtime)}`;

/** `fcntl/block`, or `fcntl/block [c]` in another runtime than Node. */
export const cellName = ({ strategy, wait, runtime }: Named & { readonly wait: string }): string =>
  `${strategy}/${wait}${mark(runtime)}`;

import type { Cell, Conditions, MeasuredCell } from './result-schema.js';
import type { TimingRound } from './rounds-schema.js';
