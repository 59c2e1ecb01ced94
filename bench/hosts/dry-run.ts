/**
 * What `hosts` would measure, without measuring it.
 */
import { formatDuration } from '../base/duration.js';
import { plural } from '../base/format.js';
import { visible } from '../base/visible.js';
import { specName } from '../measure/worker/strategy-spec.js';
import { list } from '../text/words.js';
import { type HostsOptions, ranksToTake } from './hosts-options.js';

/** `size`: all ranks that were started; null if none were. Throws UsageError. */
export function dryRunText(options: HostsOptions, size: number | null): string {
  const { specs, directory, rounds, handoffs, limits, conditions, trace } = options;
  const numbers = size === null ? (options.ranks ?? [1]) : ranksToTake(options, size - 1);
  const contended = numbers.filter((n) => n > 1).length;
  const timed = specs.length * numbers.length * rounds;
  const observed = specs.length * contended * (Number(handoffs > 0) + Number(trace));
  const ranks =
    size === null && options.ranks === null
      ? '1 rank, and all that are started but rank 0'
      : list(numbers.map((n) => plural(n, 'rank')));
  return [
    `Directory: ${visible(directory)}, the number file ${conditions.number}.`,
    `Strategies: ${list(specs.map(specName))}.`,
    `Contending: ${ranks}; rank 0 is the referee.`,
    `Rounds: ${timed} timed, of ${formatDuration(limits.atLeastNs)} to ${formatDuration(limits.budgetNs)} each; ${observed} that prove and trace.`,
    'Nothing was measured (--dry-run).',
  ].join('\n');
}
