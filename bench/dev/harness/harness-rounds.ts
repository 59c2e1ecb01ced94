/**
 * The rounds that the harness runs.
 */
import { strategy as fcntl } from '../../../strategies/fcntl.js';
import type { Round, RoundFigures, RoundSpec } from '../../measure/parent/round.js';
import type { Context } from './section.js';

/** A round of the baseline in memory, of two processes, once through its increments. */
export const baseline = ({ memory, identity }: Pick<Context, 'memory' | 'identity'>): RoundSpec => ({
  kind: 'timing',
  strategy: fcntl,
  policy: { kind: 'block' },
  directory: memory,
  memory,
  processes: 2,
  readers: 0,
  rogues: 0,
  processors: null,
  enoughHandoffs: 0,
  increments: 10_000,
  number: 'kept-open',
  hold: null,
  think: null,
  atLeastNs: 0,
  budgetNs: 20e9,
  timeLimitNs: 120e9,
  identity,
});

/** The figures of a round in which all went well. Throws an Error for any other. */
export async function wellRun(round: Round): Promise<RoundFigures> {
  const outcome = await round.run();
  if (outcome.state !== 'measured') throw new Error(`a round ${outcome.state}: ${outcome.reason}`);
  return outcome.figures;
}
