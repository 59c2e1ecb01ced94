/**
 * Lists of strategies and ways of opening the number, from text to types.
 */

import { strategyNames } from '../../strategies/index.js';
import { UsageError } from '../base/usage-error.js';
import type { NumberMode } from '../measure/result/result-schema.js';
import type { StrategySpec } from '../measure/worker/strategy-spec.js';
import { parseStrategySpec } from '../measure/worker/strategy-spec.js';
import { requireStrategy } from './parse.js';

/** Strategies as asked for, each alone or with a policy; "all" is every one. `option`: what a refusal names. Throws UsageError. */
export const parseStrategySpecs = (items: readonly string[], option = '--strategies'): StrategySpec[] =>
  items.flatMap((item): StrategySpec[] => {
    if (item === 'all') return strategyNames.map((strategy) => ({ strategy, policy: null, named: false }));
    const spec = parseStrategySpec(item);
    return [{ ...spec, strategy: requireStrategy(spec.strategy, option) }];
  });

/** The names of strategies, each once; a policy, which makes no difference to the command, is refused. Throws UsageError. */
export function namesOf(command: string, items: readonly string[]): string[] {
  const specs = parseStrategySpecs(items);
  const waiting = specs.find(({ policy }) => policy !== null);
  if (waiting === undefined) return [...new Set(specs.map(({ strategy }) => strategy))];
  throw new UsageError(
    `${command}: a strategy without a policy was expected, since nothing waits here, got one for "${waiting.strategy}"`,
    `name ${waiting.strategy} alone`,
  );
}

/** How the number file is opened. Throws UsageError. */
export function parseNumberMode(text: string): NumberMode {
  if (text === 'kept-open' || text === 'reopened') return text;
  throw new UsageError(
    `--number: "kept-open" or "reopened" was expected, got "${text}"`,
    'the default is kept-open',
  );
}
