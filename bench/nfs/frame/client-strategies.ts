/**
 * Which strategies the clients of the lab contend for, and how they wait.
 */

import { loadAll, loadStrategy, whyUnfit } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { UsageError } from '../../base/usage-error.js';
import { quoted } from '../../base/visible.js';
import { parseStrategySpecs } from '../../command-line/strategy-list.js';
import type { Policy } from '../../measure/worker/policy.js';
import type { StrategySpec } from '../../measure/worker/strategy-spec.js';

/** What --quick measures: a kernel lock, a name, both controls. */
export const QUICK = ['none', 'fcntl', 'excl', 'broken'];

/** Clients that spin keep the server so busy with their tries that the holder waits for its unlock. */
export const POLLING: Policy = { kind: 'sleep', ns: 1e6 };

/** Whether a strategy's lock can be seen from another host; the controls watch over the others. */
const livesInFiles = ({ claims, family, calls }: Strategy): boolean =>
  calls === 'synchronous' && (claims.excludesAcrossNfs !== 'not applicable' || family === 'control');

/** A lock that cannot be used is told of before a machine is started for it. Throws UsageError. */
export function requireFit(name: string): void {
  const unfit = whyUnfit(name);
  if (unfit === null) return;
  throw new UsageError(`--strategies: ${quoted(name)} ${unfit}`, 'mend it, or leave it out');
}

/**
 * What to measure; `named`: as written, null for all. A strategy that lives in one host's memory is refused when it is
 * named, else left out.
 */
export async function parseStrategies(named: readonly string[] | null): Promise<StrategySpec[]> {
  if (named === null) {
    const all = (await loadAll()).filter(livesInFiles);
    return all.map(({ name }) => ({ strategy: name, policy: null, named: false }));
  }
  const specs = parseStrategySpecs(named);
  const kept: StrategySpec[] = [];
  for (const spec of specs) {
    requireFit(spec.strategy);
    const { claims, family } = await loadStrategy(spec.strategy);
    if (claims.excludesAcrossNfs !== 'not applicable' || family === 'control') kept.push(spec);
    else if (spec.named) {
      throw new UsageError(
        `--strategies: locks that live in files were expected, other hosts cannot see ${spec.strategy}`,
        'leave it out; "lockbench run" measures it on this one',
      );
    }
  }
  return kept;
}
