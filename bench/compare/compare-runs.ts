/**
 * Two runs compared: per cell by how much its figure changed, and whether that is more than the rounds' own scatter explains.
 */

import { describeConditions } from '../measure/result/groups.js';
import { cellName, isMeasured } from '../measure/result/result.js';
import type { Cell, Result } from '../measure/result/result-schema.js';
import { leastFactor, noiseOf } from '../measure/verdict/trust.js';
import { adjustedPValues, smallestPossibleP, type TwoRuns } from '../statistics/max-permutation.js';
import { median } from '../statistics/median.js';
import { estimateShift, superiority } from '../statistics/rank-sum.js';
import { xorshift32 } from '../statistics/xorshift32.js';
import type { Change, ComparedCell, ComparedRuns } from './compare-schema.js';
import { environmentDifferences } from './environment-differences.js';
import { type Basis, blocksOf, isBaseline, logFigures } from './log-figures.js';
import { type Match, matchCells } from './match-cells.js';

/** A difference that chance makes in fewer runs than this share is called one. */
export const LEVEL = 0.05;
/** So that the same files give the same answer: exchanges are drawn where there are too many to try all. */
const SEED = 1;

type Finding = ComparedCell['verdicts']['earlier'];

function findingOf(cell: Cell | null): Finding {
  if (cell === null || !isMeasured(cell)) return 'not-measured';
  return cell.verdict.sequence === 'lost-updates' ? 'lost-updates' : cell.verdict.exclusion;
}

const FAILED: readonly Finding[] = ['violated', 'lost-updates'];

const numbers = (values: readonly (number | null)[]): number[] => values.filter((one) => one !== null);

/**
 * How many times as long as at its fastest a fixed computation took at its slowest, in either of two runs: on noisy machines a
 * run as a whole is slower than another by as much, whatever the scatter within each. 1 if both were quiet.
 */
function noiseOfBoth(earlier: Result, later: Result): number {
  const factors = [earlier, later].map(leastFactor);
  if (factors.every((factor) => factor === 1)) return 1;
  const times = [earlier, later].map((result) => {
    const { elapsedNs, spinNs } = noiseOf(result);
    return elapsedNs.length > 0 ? elapsedNs : spinNs;
  });
  // Processor time and time on the wall are no measure for each other.
  const areAlike = [earlier, later].every((result) => noiseOf(result).elapsedNs.length > 0);
  const all = areAlike ? times.flat() : [];
  return Math.max(...factors, all.length === 0 ? 1 : Math.max(...all) / Math.min(...all));
}

function verdictOf(p: number, factor: number, smallestP: number, noise: number): Change['verdict'] {
  if (smallestP > LEVEL) return 'too-few-rounds';
  if (p > LEVEL || factor === 1) return 'no-difference-seen';
  if (Math.max(factor, 1 / factor) <= noise) return 'doubtful';
  return factor > 1 ? 'slower' : 'faster';
}

function changeOf({ earlier, later }: TwoRuns, p: number, noise: number): Change | null {
  const [before, after] = [numbers(earlier), numbers(later)];
  if (before.length === 0 || after.length === 0) return null;
  const { shift, low, high, coverage } = estimateShift(before, after);
  const factor = Math.exp(shift);
  return {
    earlier: Math.exp(median(before)),
    later: Math.exp(median(after)),
    factor,
    low: Math.exp(low),
    high: Math.exp(high),
    coverage,
    p,
    superiority: superiority(before, after),
    verdict: verdictOf(p, factor, smallestPossibleP(before.length, after.length), noise),
  };
}

export const ONLY_EARLIER = 'only the earlier run has it';
export const ONLY_LATER = 'only the later run has it';

function whyNone({ earlier, later }: Match, basis: Basis): string {
  if (earlier === null) return ONLY_LATER;
  if (later === null) return ONLY_EARLIER;
  if (!isMeasured(earlier)) return `earlier: ${earlier.state}`;
  if (!isMeasured(later)) return `later: ${later.state}`;
  if (basis === 'ratio' && isBaseline(later)) return 'the others are compared with it';
  return 'one of the runs has no figure of fcntl/block to compare it with';
}

/** A run, and what the user calls it. */
export interface NamedRun {
  readonly name: string;
  readonly result: Result;
}

/** `basis`: null chooses costs where both were measured on one machine, else ratios. */
export function compareRuns(earlier: NamedRun, later: NamedRun, wanted: Basis | null): ComparedRuns {
  const differences = environmentDifferences(earlier.result, later.result);
  const basis = wanted ?? (differences.some(({ costsDiffer }) => costsDiffer) ? 'ratio' : 'cost');
  const matches = matchCells(earlier.result, later.result);
  const [before, after] = [blocksOf(earlier.result), blocksOf(later.result)];
  const figures = matches.map((match): TwoRuns => {
    // By itself the baseline is 1 in each block, which is no measurement.
    const none = basis === 'ratio' && isBaseline((match.later ?? match.earlier) as Cell);
    return {
      earlier: logFigures(none ? null : match.earlier, earlier.result, before, basis),
      later: logFigures(none ? null : match.later, later.result, after, basis),
    };
  });
  const noise = noiseOfBoth(earlier.result, later.result);
  const p = adjustedPValues(figures, xorshift32(SEED));
  const cells = matches.map((match, i): ComparedCell => {
    const cell = (match.later ?? match.earlier) as Cell;
    const change = changeOf(figures[i] as TwoRuns, p[i] ?? 1, noise);
    const verdicts = { earlier: findingOf(match.earlier), later: findingOf(match.later) };
    return {
      lock: cellName(cell),
      directory: cell.conditions.directory.path,
      where: describeConditions(cell.conditions, later.result.environment.cpus),
      change,
      reason: change === null ? whyNone(match, basis) : null,
      verdicts,
      worse: verdicts.earlier === 'held' && FAILED.includes(verdicts.later),
    };
  });
  const named = ({ name, result }: NamedRun) => ({ name, startedAt: result.startedAt });
  return { earlier: named(earlier), later: named(later), basis, differences, cells };
}
