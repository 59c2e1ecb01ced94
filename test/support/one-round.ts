/**
 * One round of a strategy, without the program around it.
 */

import assert from 'node:assert/strict';
import { unprivilegedIdentity } from '../../bench/machine/identity.js';
import { memoryDirectory } from '../../bench/measure/parent/preflight.js';
import { Round, type RoundFigures, type RoundSpec } from '../../bench/measure/parent/round.js';
import { record } from '../../bench/measure/parent/round-record.js';
import type { RoundRecord } from '../../bench/measure/result/rounds-schema.js';
import { loadStrategy } from '../../strategies/index.js';

/**
 * What a round shall be, in memory; a prove round of two processes unless told otherwise. They yield, and have long enough
 * to come to their hand-offs on a machine with no time to spare.
 */
export const specOf = async (strategy: string, more: Partial<RoundSpec> = {}): Promise<RoundSpec> => ({
  kind: 'prove',
  strategy: await loadStrategy(strategy),
  policy: { kind: 'yield' },
  directory: memoryDirectory(),
  memory: memoryDirectory(),
  processes: 2,
  readers: 0,
  rogues: 0,
  processors: null,
  enoughHandoffs: 500,
  increments: 1,
  number: 'kept-open',
  hold: null,
  think: null,
  atLeastNs: 0,
  budgetNs: 30e9,
  timeLimitNs: 120e9,
  identity: unprivilegedIdentity(),
  ...more,
});

/** Runs a round that shall come to its end. */
export async function runRound(spec: RoundSpec): Promise<RoundFigures> {
  const outcome = await Round.launch(spec).run();
  if (outcome.state !== 'measured') assert.fail(outcome.reason);
  return outcome.figures;
}

/** What a prove round found. */
export async function prove(
  strategy: string,
  more: Partial<RoundSpec> = {},
): Promise<Extract<RoundRecord, { kind: 'prove' }>> {
  const kept = record('prove', await runRound(await specOf(strategy, { ...more, kind: 'prove' })), 0, 0);
  assert.ok(kept.kind === 'prove');
  return kept;
}
