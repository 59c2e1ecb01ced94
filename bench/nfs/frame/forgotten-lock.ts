/**
 * A lock that the server forgot. After an unlock, a client of NFSv4.1 or later tells the server that it may forget the
 * lock's state (FREE_STATEID, RFC 8881, 18.38), and goes on without an answer. Linux's server looks whether anything is
 * locked by this owner, and then drops the owner's locks on the file. If the same process locks again in between, which
 * takes a server that is kept from its processors there, its new lock is dropped too: it is told nothing, and the next
 * client is let in.
 *
 * So this is rare by its kind. What happens more often, or on version 3, whose locks have no state to forget, is
 * something else.
 */
import { turnsOf } from '../../measure/result/result.js';
import type { MeasuredCell } from '../../measure/result/result-schema.js';

/** Of hand-offs, and of turns: far above what this race was seen to do, and far below what is no lock. */
const MOST_SHARE = 0.05;

export interface Failures {
  readonly version: string;
  readonly violations: number;
  readonly handoffs: number;
  readonly lost: number;
  readonly turns: number;
}

/** Whether a lock that the server keeps failed so, and so seldom, that it may have been forgotten. */
export const mayBeForgotten = ({ version, violations, handoffs, lost, turns }: Failures): boolean =>
  version !== 'v3' &&
  violations + lost > 0 &&
  violations <= MOST_SHARE * handoffs &&
  lost <= MOST_SHARE * turns;

/** The same of a cell between processes. */
export const cellMayBeForgotten = (cell: MeasuredCell): boolean => {
  const { violations, handoffs, lost } = cell.verdict;
  const version = cell.conditions.nfs?.version;
  return (
    version !== undefined && mayBeForgotten({ version, violations, handoffs, lost, turns: turnsOf(cell) })
  );
};
