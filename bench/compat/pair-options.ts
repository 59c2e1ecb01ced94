/**
 * What `compat` and `nfs compat` both have: how long each pair of locks is tried for.
 */
import { Option } from '../command-line/commander.js';
import { parseAmount, parseCount } from '../command-line/parse.js';
import type { ContentionLimits } from './contend.js';

const DEFAULT_HANDOFFS = '200';
const MOST_HANDOFFS = 1_000_000;

export const handoffsOption = () =>
  new Option('--handoffs <n>', 'hand-offs with random delays for each pair; 0: hold and try only').default(
    DEFAULT_HANDOFFS,
  );

export const everyPairOption = () =>
  new Option('--every-pair', 'also let pairs contend that do not see each other: are updates lost?');

export const budgetOption = (usual: string) =>
  new Option('--budget <duration>', 'end a round after this, with fewer hand-offs').default(usual);

interface PairOptionValues {
  readonly handoffs: string;
  readonly everyPair?: true | undefined;
  readonly budget: string;
}

/** `timeLimitNs`: after which a round is killed. Throws UsageError. */
export const pairLimits = (raw: PairOptionValues, timeLimitNs: number): ContentionLimits => ({
  everyPair: raw.everyPair ?? false,
  handoffs: parseCount('--handoffs', raw.handoffs, 0, MOST_HANDOFFS),
  budgetNs: parseAmount('--budget', raw.budget),
  timeLimitNs,
});
