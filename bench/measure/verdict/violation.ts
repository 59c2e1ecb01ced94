/**
 * A violation of exclusion in words: how often, and the first case.
 */

import { duration, plural } from '../../base/format.js';
import type { MeasuredCell } from '../result/result-schema.js';

/** The first case of the first round that has one. */
function firstCase({ rounds }: Pick<MeasuredCell, 'rounds'>): string {
  for (const round of rounds) {
    if (round.kind === 'timing' || round.exclusion.first === null) continue;
    const { worker, beside, atNs } = round.exclusion.first;
    const name = (index: number): string => {
      const role = round.workers[index]?.role ?? 'locker';
      return `${role === 'locker' ? 'process' : role} ${index}`;
    };
    return `first ${name(worker)} beside ${beside === null ? 'a reader' : name(beside)}, ${duration(atNs)} after the start`;
  }
  return '';
}

/** "two in at once 31 times in 2000 hand-offs (first process 1 beside process 0, 1.20 ms after the start)". */
export function violation(cell: Pick<MeasuredCell, 'rounds' | 'verdict'>): string {
  const { violations, handoffs } = cell.verdict;
  return `two in at once ${plural(violations, 'time')} in ${plural(handoffs, 'hand-off')} (${firstCase(cell)})`;
}
