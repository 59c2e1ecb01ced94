/**
 * Strategies as people ask for them: `excl`, or `excl/spin` with the policy to wait by.
 */
import { type Policy, parsePolicy } from './policy.js';

/** A strategy as asked for: alone, or with the policy that was named for it. `named`: by its name, not as one of all. */
export interface StrategySpec {
  readonly strategy: string;
  readonly policy: Policy | null;
  readonly named: boolean;
}

/** Reads `name` or `name/policy`; a strategy that is a module's `file:` URL has no policy. Throws UsageError for a policy. */
export function parseStrategySpec(text: string): StrategySpec {
  if (text.startsWith('file:')) return { strategy: text, policy: null, named: true };
  const [strategy = '', ...rest] = text.split('/');
  return { strategy, policy: rest.length === 0 ? null : parsePolicy(rest.join('/')), named: true };
}
