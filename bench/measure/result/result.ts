/**
 * The result file: its types, which are read off its schema, and what is asked of it everywhere. All that a table shows
 * comes from here.
 */
import type { z } from 'zod';
import type { resultSchema } from './result-schema.js';
import type { roundSchema } from './rounds-schema.js';

export const SCHEMA_VERSION = 2;

export type Result = z.infer<typeof resultSchema>;
export type Cell = Result['cells'][number];
export type MeasuredCell = Extract<Cell, { nsPerIncrement: unknown }>;
export type Conditions = Cell['conditions'];
export type RoundRecord = z.infer<typeof roundSchema>;
export type TimingRound = Extract<RoundRecord, { kind: 'timing' }>;

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
export const cellName = ({ strategy, wait }: Pick<Cell, 'strategy' | 'wait'>): string =>
  `${strategy}/${wait}`;
