/**
 * Two locks that contend: a process of each, with random delays, in a round that shows whether both are ever inside at once.
 */
import { messageOf } from '../base/error-message.js';
import { memoryDirectory } from '../measure/parent/preflight.js';
import { PLAIN, type RoundLimits } from '../measure/parent/request.js';
import { Round } from '../measure/parent/round.js';
import { record } from '../measure/parent/round-record.js';
import type { Pair, PairDirectory } from './hold-and-try.js';

/** `violations`: one came in beside the other. `lost`: updates whose number both wrote. */
export interface Contention {
  readonly handoffs: number;
  readonly violations: number;
  readonly turns: number;
  readonly lost: number;
}

/** Who contends, and how long. */
export interface ContentionLimits extends Pick<RoundLimits, 'budgetNs' | 'timeLimitNs'> {
  /** Those too that both got in, one beside the other: nothing more is to be shown, but updates that are lost. */
  readonly everyPair: boolean;
  /** The round ends after this many, or when its budget is used up; 0: none is done. */
  readonly handoffs: number;
}

/** What the round came to, or why it did not come to its end. */
export async function contend(
  [one, two]: Pair,
  { directory, identity, hosts = [] }: PairDirectory,
  { handoffs, budgetNs, timeLimitNs }: ContentionLimits,
): Promise<Contention | { readonly failure: string }> {
  try {
    const round = await Round.launch({
      ...one,
      ...{ kind: 'prove', beside: [two], hosts, processors: null, enoughHandoffs: handoffs, identity },
      // Kernel locks are on a file that all know, and the number is another: locks of all kinds guard one thing.
      conditions: {
        ...PLAIN,
        number: 'reopened',
        processes: 2,
        increments: 1,
        directory: { path: directory },
      },
      memory: memoryDirectory(),
      limits: { atLeastNs: 0, budgetNs, timeLimitNs },
    });
    const outcome = await round.run();
    if (outcome.state !== 'measured') return { failure: outcome.reason };
    const kept = record('prove', outcome.figures, 0, 0);
    if (kept.kind !== 'prove') throw new Error('a prove round was expected');
    const { violations, handoffs: seen } = kept.exclusion;
    return { handoffs: seen, violations, turns: kept.turns, lost: kept.lost };
  } catch (error) {
    return { failure: messageOf(error) };
  }
}
