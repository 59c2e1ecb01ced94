/**
 * How the processes shared the lock: a lock that was never handed over was never tested, and a ratio between two locks
 * means little without it. Only for an intact sequence: numbers that two took have no order.
 */

import { jainIndex } from '../../statistics/jain.js';
import { FIRST_NUMBER } from '../worker/number-file.js';

export interface Contention {
  /** Turns whose number followed one of another process. */
  readonly ownerChanges: number;
  /** Most turns of one process in a row. */
  readonly longestRun: number;
  /** Jain's index over the turns each process had until the first one finished: 1 is equal, 1/n is one took all. */
  readonly jain: number;
  /** Share of all turns that were done when the first process finished; what comes after is less contended. */
  readonly shareBeforeFirstFinisher: number;
}

/** `ledgers[i]`: the numbers that worker i took, ascending; `endNs[i]`: when it finished. */
export function describeContention(
  ledgers: readonly Int32Array[],
  endNs: readonly number[],
): Contention | null {
  const turns = ledgers.reduce((sum, { length }) => sum + length, 0);
  if (turns === 0) return null;
  const owners = new Uint16Array(turns);
  ledgers.forEach((ledger, worker) => {
    for (const number of ledger) owners[number - FIRST_NUMBER - 1] = worker;
  });

  let ownerChanges = 0;
  let longestRun = 1;
  let run = 1;
  for (let i = 1; i < turns; i++) {
    if (owners[i] === owners[i - 1]) run++;
    else {
      ownerChanges++;
      run = 1;
    }
    if (run > longestRun) longestRun = run;
  }

  const first = endNs.indexOf(Math.min(...endNs));
  const before = (ledgers[first]?.at(-1) ?? FIRST_NUMBER) - FIRST_NUMBER;
  const had = ledgers.map(() => 0);
  for (const owner of owners.subarray(0, before)) had[owner] = (had[owner] ?? 0) + 1;
  return { ownerChanges, longestRun, jain: jainIndex(had), shareBeforeFirstFinisher: before / turns };
}
