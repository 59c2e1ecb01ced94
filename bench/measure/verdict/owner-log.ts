/**
 * The owner log: every acquisition of a trace round, by all workers, in the order in which they got the lock; and the
 * latencies that can be read off it.
 */

import { type Percentiles, percentiles } from '../../statistics/percentiles.js';
import { STAMPS } from '../worker/instruments.js';

/** One acquisition; times are ns since the gate. `number`: the one taken, or the one that a reader saw. */
export interface Acquisition {
  readonly worker: number;
  readonly number: number;
  readonly askedNs: number;
  readonly acquiredNs: number;
  readonly releasedNs: number;
}

/** Joins the workers' stamps and ledgers into one log, ascending by the time of acquisition. */
export function ownerLog(
  stamps: readonly BigInt64Array[],
  ledgers: readonly Int32Array[],
  gateNs: bigint,
): Acquisition[] {
  const since = (stamp: bigint | undefined): number => Number((stamp ?? gateNs) - gateNs);
  const log = ledgers.flatMap((ledger, worker) =>
    Array.from(ledger, (number, turn): Acquisition => {
      const at = turn * STAMPS;
      const own = stamps[worker];
      return {
        worker,
        number,
        askedNs: since(own?.[at]),
        acquiredNs: since(own?.[at + 1]),
        releasedNs: since(own?.[at + 2]),
      };
    }),
  );
  return log.sort((a, b) => a.acquiredNs - b.acquiredNs || a.number - b.number);
}

/** From asking to having, over all acquisitions. */
export const acquireLatency = (log: readonly Acquisition[]): Percentiles | null =>
  percentiles(log.map(({ askedNs, acquiredNs }) => acquiredNs - askedNs));

/**
 * From one owner's release to the next owner's acquisition, where the next one is another process that was waiting by
 * then. Null where nobody ever waited, as with one process.
 */
export function handoffLatency(log: readonly Acquisition[]): Percentiles | null {
  const latencies: number[] = [];
  for (let i = 1; i < log.length; i++) {
    const [before, after] = [log[i - 1] as Acquisition, log[i] as Acquisition];
    const waited = after.askedNs < before.releasedNs && before.releasedNs <= after.acquiredNs;
    if (after.worker !== before.worker && waited) latencies.push(after.acquiredNs - before.releasedNs);
  }
  return percentiles(latencies);
}
