/**
 * Strategies as people ask for them: `excl`, or `excl/spin` with the policy to wait by.
 */
import { type Policy, parsePolicy, policyName } from './policy.js';

/** In what a worker is written: one of the project's own workers, or a command of the user's. */
export type Runtime = 'node' | 'c' | 'python' | { readonly command: string };

/** A strategy as asked for: alone, or with the policy that was named for it. `named`: by its name, not as one of all. */
export interface StrategySpec {
  readonly strategy: string;
  readonly policy: Policy | null;
  readonly named: boolean;
  /** Node's if left out. */
  readonly runtime?: Runtime;
}

/** What cells are marked with; undefined for Node's, which are not. */
export const runtimeMark = (runtime: Runtime = 'node'): string | undefined =>
  typeof runtime === 'object' ? 'worker' : runtime === 'node' ? undefined : runtime;

/** A strategy in a runtime: `fcntl`, `fcntl [c]`. */
export function contenderName({ strategy, runtime }: Pick<StrategySpec, 'strategy' | 'runtime'>): string {
  const mark = runtimeMark(runtime);
  return mark === undefined ? strategy : `${strategy} [${mark}]`;
}

/** What is written with slashes of its own: a path, a URL, a package with a scope. */
const HAS_SLASHES = /^(?:[./@]|file:)|\.[cm]?[jt]s(?:\/|$)/;
const POLICY_AFTER_PATH = /^(?<path>.*)\/(?<policy>(?:block|spin|yield|sleep|backoff)(?::[^/]*)?)$/s;

/** Reads `name` or `name/policy`, where the name may be a module's path. Throws UsageError for a policy. */
export function parseStrategySpec(text: string): StrategySpec {
  if (HAS_SLASHES.test(text)) {
    const { path = text, policy } = POLICY_AFTER_PATH.exec(text)?.groups ?? {};
    return { strategy: path, policy: policy === undefined ? null : parsePolicy(policy), named: true };
  }
  const [strategy = '', ...rest] = text.split('/');
  return { strategy, policy: rest.length === 0 ? null : parsePolicy(rest.join('/')), named: true };
}

/** What `parseStrategySpec` reads again. */
export const specName = ({ strategy, policy }: Pick<StrategySpec, 'strategy' | 'policy'>): string =>
  policy === null ? strategy : `${strategy}/${policyName(policy)}`;
