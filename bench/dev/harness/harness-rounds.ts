/**
 * The rounds that the harness runs.
 */
import { strategy as fcntl } from '../../../strategies/fcntl.js';
import { PLAIN, type RoundLimits } from '../../measure/parent/request.js';
import type { Round, RoundFigures } from '../../measure/parent/round.js';
import type { RoundSpec } from '../../measure/parent/round-spec.js';
import type { RoundConditions } from '../../measure/worker/job.js';
import type { Context } from './section.js';

/** A round of the baseline in memory, of two processes, once through its increments; `more`: what differs from that. */
export const baseline = (
  { memory, identity }: Pick<Context, 'memory' | 'identity'>,
  more: { readonly conditions?: Partial<RoundConditions>; readonly limits?: Partial<RoundLimits> } = {},
): RoundSpec => ({
  kind: 'timing',
  strategy: fcntl,
  policy: { kind: 'block' },
  conditions: { ...PLAIN, processes: 2, directory: { path: memory }, ...more.conditions },
  memory,
  processors: null,
  enoughHandoffs: 0,
  limits: { atLeastNs: 0, budgetNs: 20e9, timeLimitNs: 120e9, ...more.limits },
  identity,
});

/** The figures of a round in which all went well. Throws an Error for any other. */
export async function wellRun(round: Round): Promise<RoundFigures> {
  const outcome = await round.run();
  if (outcome.state !== 'measured') throw new Error(`a round ${outcome.state}: ${outcome.reason}`);
  return outcome.figures;
}
