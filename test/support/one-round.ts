/**
 * One round of a strategy, without the program around it.
 */

import assert from 'node:assert/strict';
import { unprivilegedIdentity } from '../../bench/machine/unprivileged.js';
import { memoryDirectory } from '../../bench/measure/parent/preflight.js';
import { PLAIN, type RoundLimits } from '../../bench/measure/parent/request.js';
import { Round, type RoundFigures } from '../../bench/measure/parent/round.js';
import { record } from '../../bench/measure/parent/round-record.js';
import type { RoundSpec } from '../../bench/measure/parent/round-spec.js';
import type { RoundRecord } from '../../bench/measure/result/rounds-schema.js';
import type { RoundConditions } from '../../bench/measure/worker/job.js';
import { loadStrategy } from '../../strategies/index.js';
import { LIMIT_NS } from './limit.js';

/** Whatever of a round shall be otherwise. */
interface RoundWish extends Partial<Omit<RoundSpec, 'conditions' | 'limits'>> {
  readonly conditions?: Partial<RoundConditions>;
  readonly limits?: Partial<RoundLimits>;
}

/**
 * What a round shall be, in memory; a prove round of two processes unless told otherwise. They yield, and have long enough
 * to come to their hand-offs on a machine with no time to spare.
 */
export const specOf = async (
  strategy: string,
  { conditions, limits, ...more }: RoundWish = {},
): Promise<RoundSpec> => ({
  kind: 'prove',
  strategy: await loadStrategy(strategy),
  policy: { kind: 'yield' },
  conditions: {
    ...PLAIN,
    increments: 1,
    processes: 2,
    directory: { path: memoryDirectory() },
    ...conditions,
  },
  memory: memoryDirectory(),
  processors: null,
  enoughHandoffs: 500,
  limits: { atLeastNs: 0, budgetNs: LIMIT_NS, timeLimitNs: 2 * LIMIT_NS, ...limits },
  identity: unprivilegedIdentity(),
  ...more,
});

/** Runs a round that shall come to its end. */
export async function runRound(spec: RoundSpec): Promise<RoundFigures> {
  const outcome = await (await Round.launch(spec)).run();
  if (outcome.state !== 'measured') assert.fail(outcome.reason);
  return outcome.figures;
}

/** What a prove round found. */
export async function prove(
  strategy: string,
  more: RoundWish = {},
): Promise<Extract<RoundRecord, { kind: 'prove' }>> {
  const kept = record('prove', await runRound(await specOf(strategy, { ...more, kind: 'prove' })), 0, 0);
  assert.ok(kept.kind === 'prove');
  return kept;
}
