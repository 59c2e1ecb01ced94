/**
 * What `75x` measured in one place, the ratios that follow, and the model that explains them.
 */

import { z } from 'zod';
import type { MeasuredCell } from '../../measure/result/result-schema.js';
import { compareCells } from '../../measure/verdict/ranking.js';
import type { MedianEstimate } from '../../statistics/median.js';
import { cellSchema } from '../experiment/experiment-cells.js';
import { anatomySchema, durabilitySchema } from './anatomy.js';

/** The book's figure. */
export const BOOK = 75;
/** From this many flushes a turn on, it is them that a turn waits for, and not the writes. */
const A_FLUSH_EACH = 0.5;

export const measuredDirectorySchema = z.strictObject({
  kind: z.enum(['memory', 'disk', 'synchronous']),
  name: z.string(),
  alone: z.array(cellSchema).describe('one process: record lock, lock file, hard link, mode 0'),
  together: z.array(cellSchema).describe('ten processes: record lock, lock file'),
  anatomy: z.array(anatomySchema).describe('one turn of the record lock and of the lock file, taken apart'),
  durability: durabilitySchema.nullable().describe('null in memory'),
});
export type MeasuredDirectory = z.infer<typeof measuredDirectorySchema>;

export type DirectoryKind = MeasuredDirectory['kind'];

/** How many times as long as the record lock there, `i` being the place among the cells. */
export const ratioOf = (cells: readonly MeasuredCell[], i: number): MedianEstimate | null => {
  const [cell, baseline] = [cells[i], cells[0]];
  return cell === undefined || baseline === undefined ? null : (compareCells(cell, baseline)?.ratio ?? null);
};

/** What a turn of the lock file waits for, and when that makes the ratio the book's. */
export interface Model {
  /** How often a turn waits for the disk, by the kernel's count. */
  readonly waits: number;
  readonly forWhat: 'write' | 'flush';
  /** How long one such wait is, measured by itself. */
  readonly eachNs: number;
  /** A turn of the lock file that does not wait, and one of the record lock. */
  readonly callsNs: number;
  readonly recordNs: number;
  /** The ratio that follows from these and from a turn that does not wait. */
  readonly ratio: number;
  /** How long a wait is where the ratio is the book's. */
  readonly wantedNs: number;
}

/** The ratio where one wait takes so long. */
export const ratioAt = (
  { callsNs, recordNs, waits }: Pick<Model, 'callsNs' | 'recordNs' | 'waits'>,
  waitNs: number,
): number => (callsNs + waits * waitNs) / recordNs;

/** ratio = (turn without waiting + waits × one wait) / turn of the record lock. Null where nothing was counted. */
export function modelOf(synchronous: MeasuredDirectory, plain: MeasuredDirectory): Model | null {
  const { anatomy, durability, alone } = synchronous;
  const counted = anatomy[1]?.disk;
  const [calls, record] = [plain.alone[1], alone[0]];
  if (counted == null || durability === null || calls === undefined || record === undefined) return null;
  const forWhat = counted.flushes >= A_FLUSH_EACH ? 'flush' : 'write';
  const waits = forWhat === 'flush' ? counted.flushes : counted.writes;
  if (waits < A_FLUSH_EACH) return null;
  const eachNs = forWhat === 'flush' ? durability.flushNs : durability.writeNs;
  const [callsNs, recordNs] = [calls.nsPerIncrement.median, record.nsPerIncrement.median];
  return {
    ...{ waits, forWhat, eachNs, callsNs, recordNs },
    ratio: ratioAt({ callsNs, recordNs, waits }, eachNs),
    wantedNs: Math.max(0, (BOOK * recordNs - callsNs) / waits),
  };
}
