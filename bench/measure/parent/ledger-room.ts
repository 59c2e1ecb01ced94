/**
 * Whether what a round may take has room: its numbers in 31 bits, and its ledgers in memory, each page of which is touched
 * before the clock runs.
 */
import { totalmem } from 'node:os';
import { formatDuration } from '../../base/duration.js';
import { digits } from '../../base/format.js';
import { UsageError } from '../../base/usage-error.js';
import { FIRST_NUMBER, LAST_NUMBER } from '../worker/number-file.js';
import type { PlannedCell } from './plan.js';
import type { Limits } from './request.js';
import { capacityOf } from './round-spec.js';

const NUMBER_BYTES = 4;
const GIB = 2 ** 30;
/** Of the machine's memory: the rest is for the processes, and for everybody else. */
const MOST_SHARE = 0.5;

/** Throws UsageError if a timing round of some cell may take more numbers than there is room for. */
export function requireRoom(
  cells: readonly Pick<PlannedCell, 'conditions'>[],
  limits: Limits,
  memoryBytes = totalmem(),
): void {
  const most = Math.min(LAST_NUMBER - FIRST_NUMBER, Math.floor((MOST_SHARE * memoryBytes) / NUMBER_BYTES));
  for (const { conditions } of cells) {
    const { processes, increments } = conditions;
    const numbers = capacityOf({ kind: 'timing', conditions, limits }) * processes;
    if (numbers <= most) continue;
    throw new UsageError(
      `room for ${most} numbers a round was expected to do (31 bits, half of the memory), but ${processes} processes with ` +
        `--increments ${increments} and --min-round ${formatDuration(limits.atLeastNs)} may take ${numbers}, ` +
        `${digits((numbers * NUMBER_BYTES) / GIB)} GiB`,
      'measure more rounds instead of longer ones, with --rounds',
    );
  }
}
