/**
 * `--fail-if`: what makes `compare` end with 1, for a job that runs it after each change.
 */
import { digits } from '../base/format.js';
import { parsePercent } from '../base/percent.js';
import { UsageError } from '../base/usage-error.js';
import type { ComparedCell } from './compare-schema.js';

/** `slower`: by at least this share, a change having been called. `verdict`: a lock that held fails. */
export type Condition = { readonly kind: 'slower'; readonly share: number } | { readonly kind: 'verdict' };

/** Reads "slower:10%" or "verdict". Throws UsageError. */
export function parseCondition(text: string): Condition {
  if (text === 'verdict') return { kind: 'verdict' };
  const [kind, share, ...rest] = text.split(':');
  if (kind === 'slower' && share !== undefined && rest.length === 0) {
    return { kind: 'slower', share: parsePercent(share, '--fail-if slower') };
  }
  throw new UsageError(
    `--fail-if: "verdict" or "slower:" and a percentage was expected, got "${text}"`,
    'for example --fail-if slower:10% --fail-if verdict',
  );
}

/** Why this cell meets the condition; null if it does not. */
export function failure(cell: ComparedCell, condition: Condition): string | null {
  const name = `${cell.lock} in ${cell.directory}`;
  if (condition.kind === 'verdict') {
    return cell.worse ? `${name}: ${cell.verdicts.earlier} before, ${cell.verdicts.later} now` : null;
  }
  const { change } = cell;
  const tooSlow = change?.verdict === 'slower' && change.factor >= 1 + condition.share;
  return tooSlow ? `${name}: ${digits((change.factor - 1) * 100)}% slower` : null;
}
