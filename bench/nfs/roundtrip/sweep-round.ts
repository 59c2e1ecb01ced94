/**
 * One round of the sweep: a process on a client, or on the server itself, that takes its turns on a place of its own.
 */

import type { Strategy } from '../../../strategies/strategy.js';
import { makePrivateDirectory } from '../../machine/files/private-directory.js';
import { requireRemoved } from '../../machine/files/remove.js';
import type { Identity } from '../../machine/identity.js';
import { freshName } from '../../machine/owner-name.js';
import { memoryDirectory } from '../../measure/parent/preflight.js';
import { PLAIN } from '../../measure/parent/request.js';
import { Round } from '../../measure/parent/round.js';
import type { Policy } from '../../measure/worker/policy.js';
import { keepAllOpen } from './delegation.js';
import type { Key } from './roundtrip-schema.js';

/** What is measured once a block. */
export interface Case {
  readonly key: Key;
  readonly strategy: Strategy;
  readonly policy: Policy;
  readonly identity: Identity | null;
  readonly directory: string;
  /** What starts a process on the client; null for the server. */
  readonly prefix: readonly string[] | null;
  readonly roundTripNs: number;
  readonly increments: number;
}

export interface Launched {
  readonly one: Case;
  readonly round: Round;
  /** Ends it, and leaves nothing. May be called twice. */
  end(): Promise<void>;
}

/** Local turns are so short that a round of few would measure its beginning; laps are repeated for so long. */
const LOCAL = { increments: 1_000, atLeastNs: 200e6 };
const TIME_LIMIT_NS = 120e9;

/** Makes a directory for the round alone, and starts its process. Throws what the file system throws. */
export async function launchRound(one: Case): Promise<Launched> {
  const { key, strategy, policy, identity, prefix, increments } = one;
  const { path: directory, remove: removeDirectory } = makePrivateDirectory(
    one.directory,
    freshName(),
    null,
    0o711,
  );
  let release = (): void => {};
  const remove = (): void => {
    release();
    release = () => {};
    requireRemoved(removeDirectory());
  };
  try {
    const round = await Round.launch({
      kind: 'timing',
      strategy,
      policy,
      conditions: {
        ...PLAIN,
        processes: 1,
        directory: { path: directory },
        increments: prefix === null ? LOCAL.increments : increments,
      },
      hosts: prefix === null ? [] : [prefix],
      memory: memoryDirectory(),
      processors: null,
      enoughHandoffs: 0,
      limits: {
        atLeastNs: prefix === null ? LOCAL.atLeastNs : 0,
        budgetNs: TIME_LIMIT_NS,
        timeLimitNs: TIME_LIMIT_NS,
      },
      identity,
    });
    // Before the process opens them, which it does when the round runs.
    if (key.way === 'v4.2-shared') release = keepAllOpen(directory);
    return {
      one,
      round,
      async end() {
        await round.end();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
