/**
 * Strategies as people ask for them: `excl`, or `excl/spin` with the policy to wait by.
 */
import { type Policy, parsePolicy } from './policy.js';

/** A strategy as asked for: alone, or with the policy that was named for it. */
export interface AskedFor {
  readonly strategy: string;
  readonly policy: Policy | null;
}

/** Reads `name` or `name/policy`; a strategy that is a module's `file:` URL has no policy. Throws UsageError for a policy. */
export function parseAskedFor(text: string): AskedFor {
  if (text.startsWith('file:')) return { strategy: text, policy: null };
  const [strategy = '', ...rest] = text.split('/');
  return { strategy, policy: rest.length === 0 ? null : parsePolicy(rest.join('/')) };
}
