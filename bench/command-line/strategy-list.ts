/**
 * Lists of strategies and ways of opening the number, from text to types.
 */
import { strategyNames } from '../../strategies/index.js';
import { UsageError } from '../base/usage-error.js';
import type { Wish } from '../measure/parent/plan.js';
import type { NumberMode } from '../measure/worker/job.js';
import { parseAskedFor } from '../measure/worker/strategy-spec.js';
import { list, requireStrategy } from './parse.js';

/** Strategies as asked for, alone or with a policy. Throws UsageError. */
export function parseWishes(text: string): Wish[] {
  const wishes = list(text).flatMap((item): Wish[] => {
    if (item === 'all') return strategyNames.map((strategy) => ({ strategy, policy: null, named: false }));
    const { strategy, policy } = parseAskedFor(item);
    return [{ strategy: requireStrategy(strategy), policy, named: true }];
  });
  if (wishes.length === 0) {
    throw new UsageError(
      `--strategies: a list of names was expected, got "${text}"`,
      'for example --strategies fcntl,excl',
    );
  }
  return wishes;
}

/** How the number file is opened. Throws UsageError. */
export function parseNumberMode(text: string): NumberMode {
  if (text === 'kept-open' || text === 'reopened') return text;
  throw new UsageError(
    `--number: "kept-open" or "reopened" was expected, got "${text}"`,
    'the default is kept-open',
  );
}
