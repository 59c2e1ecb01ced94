/**
 * A round that is there to be watched: its processes take turns until they are stopped.
 */
import type { Strategy } from '../../strategies/strategy.js';
import type { Identity } from '../machine/identity.js';
import { memoryDirectory } from '../measure/parent/preflight.js';
import { Round } from '../measure/parent/round.js';
import type { Pause } from '../measure/result/result-schema.js';
import type { Policy } from '../measure/worker/policy.js';

export interface WatchedRound {
  readonly strategy: Strategy;
  readonly policy: Policy;
  readonly directory: string;
  readonly identity: Identity | null;
  readonly processes: number;
  /** How many of the processes only read. */
  readonly readers: number;
  readonly hold: Pause | null;
  readonly think: Pause | null;
  /** How long it lasts at most, ns. */
  readonly lastsNs: number;
}

/** The ring of stamps: of a tenth of a second at full speed, the latest turns. */
const KEPT_TURNS = 5_000;
/** What a start, and the end of the last turn, may take. */
const MARGIN_NS = 60e9;

/** Starts it, and lets it run until its time is over or `round.end()` is called. `over` throws nothing but what went wrong. */
export async function contend(
  wanted: WatchedRound,
): Promise<{ readonly round: Round; readonly over: Promise<void> }> {
  const { strategy, policy, directory, identity, processes, readers, hold, think, lastsNs } = wanted;
  const round = await Round.launch({
    ...{ kind: 'trace', endless: true, strategy, policy, identity },
    conditions: {
      ...{ processes, readers, rogues: 0, increments: KEPT_TURNS, number: 'kept-open', hold, think },
      directory: { path: directory },
    },
    ...{ memory: memoryDirectory(), processors: null, enoughHandoffs: 0 },
    limits: { atLeastNs: 0, budgetNs: lastsNs, timeLimitNs: lastsNs + MARGIN_NS },
  });
  const over = (async () => {
    await round.settled();
    const outcome = await round.run();
    if (outcome.state !== 'measured') throw new Error(outcome.reason);
  })();
  return { round, over };
}
