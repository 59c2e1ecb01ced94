/**
 * What a summary is of: a result, what is known of its strategies, and its groups, the most telling first.
 */
import type { Claims, Strategy } from '../../../strategies/strategy.js';
import { type Group, groupsOf } from '../../measure/result/groups.js';
import { cellName, isMeasured, needsProof } from '../../measure/result/result.js';
import type { Cell, MeasuredCell, Result } from '../../measure/result/result-schema.js';
import { type Judgement, judge } from '../../measure/verdict/judgement.js';
import { ties } from '../../measure/verdict/ranking.js';
import { leastFactor } from '../../measure/verdict/trust.js';

/** By name. What is not of the catalogue, and was not loaded, is missing. */
export type Strategies = ReadonlyMap<string, Strategy>;

export interface Subject {
  readonly result: Result;
  readonly strategies: Strategies;
  /** Names of strategies that are measured but no candidates. */
  readonly controls: ReadonlySet<string>;
  readonly judgement: Judgement;
  /** What a ratio must exceed, it or its inverse, to be trusted on this machine: 1 on a quiet one. */
  readonly leastFactor: number;
  /** The most telling first: with company, on a disk. */
  readonly groups: readonly Group[];
}

const MEMORY = ['tmpfs', 'ramfs'];
const NAME: Strategy['family'] = 'name in a directory';

/** How much a group tells: who has company tells more than who is alone, a disk more than memory, many more than few. */
function weight({ conditions }: Group): number {
  const { processes, directory, rogues } = conditions;
  const company = needsProof(conditions) && rogues === 0 ? 1e6 : 0;
  return company + (MEMORY.includes(directory.filesystem) ? 0 : 1e4) + processes;
}

export function subjectOf(result: Result, strategies: Strategies): Subject {
  const controls = new Set(
    [...strategies.values()].flatMap(({ family, name }) => (family === 'control' ? name : [])),
  );
  const { uid, workers } = result.environment;
  return {
    result,
    strategies,
    controls,
    judgement: judge(result.cells, strategies, workers === null && uid === 0),
    leastFactor: leastFactor(result),
    groups: groupsOf(result, controls).sort((a, b) => weight(b) - weight(a)),
  };
}

/** What is claimed of a cell's lock. Of one in a user's own worker nobody knows anything. */
export const claimsOf = ({ strategies }: Subject, { strategy, runtime }: Cell): Claims | undefined =>
  runtime === 'worker' ? undefined : strategies.get(strategy)?.claims;

/** Whether a killed holder leaves the lock held for ever. */
export const isStuck = (subject: Subject, cell: Cell): boolean =>
  claimsOf(subject, cell)?.holderDies === 'stuck';

/**
 * Of ranked cells the one that costs most, and of those that cannot be told from it the one that was asked for
 * first: else rounds that differ by chance would decide which one is named. For locks that are names in a directory and
 * fail alike stands the first of them: in a run by default the textbook's lock file, which people know.
 */
export function costliest(subject: Subject, ranked: readonly MeasuredCell[]): MeasuredCell | undefined {
  const tied = ties(ranked).at(-1) ?? [];
  const asked = subject.result.cells.filter(isMeasured);
  const slowest = asked.find((cell) => tied.includes(cell));
  if (slowest === undefined) return undefined;
  const isLike = (cell: MeasuredCell): boolean => {
    const [one, other] = [cell, slowest].map(({ strategy }) => subject.strategies.get(strategy));
    return (
      one?.family === NAME &&
      other?.family === NAME &&
      one.claims.holderDies === other.claims.holderDies &&
      one.claims.leaseNs === other.claims.leaseNs
    );
  };
  return asked.find((cell) => ranked.includes(cell) && isLike(cell)) ?? slowest;
}

/** "flock", "excl/spin": a lock that the kernel makes wait needs no policy, unless it was measured with several. */
export function shortName({ result }: Subject, { strategy, wait, runtime }: Cell): string {
  const isOnly = result.cells.every((cell) => cell.strategy !== strategy || cell.wait === wait);
  const name = cellName({ strategy, wait, runtime });
  return wait === 'block' && isOnly ? name.replace('/block', '') : name;
}
