/**
 * Pairs for people: a row for each lock, the cheapest first.
 */
import { strategyNames } from '../../strategies/index.js';
import { digits, duration, factorWithBounds } from '../base/format.js';
import { visible } from '../base/visible.js';
import { cellName, lockName } from '../measure/result/result.js';
import { nextLine, pageStep } from '../text/next-line.js';
import { plainTable } from '../text/table.js';
import type { MissingPair, Pair, PairsResult } from './pairs-schema.js';

const BASELINE = 'fcntl';

export const WHAT_IS_TIMED =
  'Lock and unlock, one process, no number file; a sample is the mean of 100 pairs.';

/** By directory, and there the cheapest first. */
export const inOrder = (pairs: readonly Pair[]): Pair[] =>
  [...pairs].sort(
    (a, b) => a.directory.localeCompare(b.directory) || a.figures.medianNs - b.figures.medianNs,
  );

/** By directory, what the baseline takes there; of several runtimes, in the one that was named first. */
const baselinesOf = (pairs: readonly Pair[]): ReadonlyMap<string, number> =>
  new Map(
    [...pairs]
      .reverse()
      .flatMap(({ strategy, directory, figures }) =>
        strategy === BASELINE ? [[directory, figures.medianNs] as const] : [],
      ),
  );

/** As a multiple of the record lock in the same directory; null where that was not measured. */
export function ratioOf({ directory, figures }: Pair, pairs: readonly Pair[]): number | null {
  const baseline = baselinesOf(pairs).get(directory);
  return baseline === undefined ? null : figures.medianNs / baseline;
}

/** Of C itself it is 1. */
export function asOverC({ runtime, overC: over }: Pair): string {
  if (over === undefined) return runtime === 'c' ? digits(1) : '-';
  return factorWithBounds(over);
}

export const hasOverC = (pairs: readonly Pair[]): boolean =>
  pairs.some(({ overC: over }) => over !== undefined);

/** "914 ns ± 0.92%". */
export const meanOf = ({ figures: { meanNs, marginNs } }: Pair): string =>
  `${duration(meanNs)} ± ${digits((100 * marginNs) / meanNs)}%`;

/** Headings, and a row of texts for each pair. */
export function pairRows(pairs: readonly Pair[]): {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  const hasC = hasOverC(pairs);
  return {
    head: [
      ...['strategy/wait', 'directory', 'median', 'mean', '99th percentile', `x ${BASELINE}`],
      ...(hasC ? ['x C'] : []),
    ],
    rows: inOrder(pairs).map((pair) => {
      const ratio = ratioOf(pair, pairs);
      return [
        ...[cellName(pair), visible(pair.directory), duration(pair.figures.medianNs), meanOf(pair)],
        ...[duration(pair.figures.p99Ns), ratio === null ? '-' : digits(ratio)],
        ...(hasC ? [asOverC(pair)] : []),
      ];
    }),
  };
}

/** Why some could not be measured. */
export function missingLines({ pairs, unavailable }: Pick<PairsResult, 'pairs' | 'unavailable'>): string[] {
  const isOne = new Set([...pairs, ...unavailable].map(({ directory }) => directory)).size === 1;
  return unavailable.map((one: MissingPair) => {
    const name = isOne ? lockName(one) : `${lockName(one)} in ${visible(one.directory)}`;
    return `${name}: unavailable: ${visible(one.reason)}`;
  });
}

/** What one would ask next: what they cost when others want them, too. */
function next(pairs: readonly Pair[]): string {
  const names = [...new Set(pairs.map(({ strategy }) => strategy))];
  const known = names.filter((name) => strategyNames.includes(name));
  // Of the whole catalogue, a run takes minutes: its default is a choice.
  const few = known.length > 0 && known.length <= 4 ? ` ${known.join(' ')}` : '';
  return nextLine([`lockbench run${few}`, 'lockbench choose', ...pageStep()]);
}

export function pairsText(result: PairsResult): string {
  const { head, rows } = pairRows(result.pairs);
  return [plainTable(head, rows), ...missingLines(result), WHAT_IS_TIMED, next(result.pairs)].join('\n');
}
