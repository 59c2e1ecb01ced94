/**
 * Runs of two sides compared: per cell by how much its figure changed, and whether that is more than runs differ by.
 *
 * Of several runs on a side each is one sample, whatever its rounds scatter by: the variance between runs is in the figures then. Of one run on
 * each side nothing is known of it. Their rounds are samples of these two runs alone, and no change is called. Source: T. Kalibera,
 * R. Jones, Rigorous Benchmarking in Reasonable Time, 2013: repeat at the highest level that varies.
 */

import { describeConditions } from '../measure/result/groups.js';
import { cellName, isMeasured } from '../measure/result/result.js';
import type { Cell, Result } from '../measure/result/result-schema.js';
import { adjustedPValues, type TwoSides } from '../statistics/max-permutation.js';
import { median } from '../statistics/median.js';
import { estimateShift, superiority } from '../statistics/rank-sum.js';
import { xorshift32 } from '../statistics/xorshift32.js';
import { areEnough, areInTurn, LEVEL } from './can-tell.js';
import type { Change, ComparedCell, ComparedRuns } from './compare-schema.js';
import { environmentDifferences } from './environment-differences.js';
import { type Basis, blocksOf, isBaseline, logFigureOfRun, logFigures } from './log-figures.js';
import { type Match, matchCells } from './match-cells.js';

/** So that the same files give the same answer: exchanges are drawn where there are too many to try all. */
const SEED = 1;

type Finding = ComparedCell['verdicts']['earlier'];

function findingOf(cell: Cell | null): Finding {
  if (cell === null || !isMeasured(cell)) return 'not-measured';
  return cell.verdict.sequence === 'lost-updates' ? 'lost-updates' : cell.verdict.exclusion;
}

const FAILED: readonly Finding[] = ['violated', 'lost-updates'];
/** Of several runs the first of these that any of them found. */
const BY_WEIGHT: readonly Finding[] = [...FAILED, 'held', 'unchecked'];

function findingOfSide(cells: readonly (Cell | null)[]): Finding {
  const found = cells.map(findingOf);
  return BY_WEIGHT.find((one) => found.includes(one)) ?? 'not-measured';
}

const numbers = (values: readonly (number | null)[]): number[] => values.filter((one) => one !== null);

type How = Pick<ComparedRuns, 'sample' | 'inTurn'>;

function verdictOf({ earlier, later }: TwoSides, p: number, factor: number, how: How): Change['verdict'] {
  const isEnough = areEnough(numbers(earlier).length, numbers(later).length);
  if (!isEnough) return how.sample === 'run' ? 'too-few-runs' : 'too-few-rounds';
  if (p > LEVEL || factor === 1) return 'no-difference-seen';
  if (how.sample === 'round') return 'too-few-runs';
  if (!how.inTurn) return 'doubtful';
  return factor > 1 ? 'slower' : 'faster';
}

function changeOf(figures: TwoSides, p: number, how: How): Change | null {
  const [before, after] = [numbers(figures.earlier), numbers(figures.later)];
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
    verdict: verdictOf(figures, p, factor, how),
  };
}

export const ONLY_EARLIER = 'only the earlier run has it';
export const ONLY_LATER = 'only the later run has it';

function whyNone({ earlier, later }: Match, basis: Basis): string {
  const [before, after] = [earlier, later].map((side) => side.filter((cell) => cell !== null)) as [
    Cell[],
    Cell[],
  ];
  const [cell] = after;
  if (before.length === 0) return ONLY_LATER;
  if (cell === undefined) return ONLY_EARLIER;
  const failed = (side: readonly Cell[]): Cell | undefined =>
    side.every((one) => !isMeasured(one)) ? side[0] : undefined;
  const [earlierState, laterState] = [failed(before)?.state, failed(after)?.state];
  if (earlierState !== undefined) return `earlier: ${earlierState}`;
  if (laterState !== undefined) return `later: ${laterState}`;
  if (basis === 'ratio' && isBaseline(cell)) return 'the others are compared with it';
  return 'one of the runs has no figure of fcntl/block to compare it with';
}

/** A run, and what the user calls it. */
export interface NamedRun {
  readonly name: string;
  readonly result: Result;
}

const resultsOf = (side: readonly NamedRun[]): Result[] => side.map(({ result }) => result);

/** A sample for each run; of a single run, for each block. */
function figuresOf(
  cells: readonly (Cell | null)[],
  side: readonly Result[],
  basis: Basis,
  sample: ComparedRuns['sample'],
): (number | null)[] {
  return sample === 'run'
    ? side.map((run, i) => logFigureOfRun(cells[i] ?? null, run, basis))
    : side.flatMap((run, i) => logFigures(cells[i] ?? null, run, blocksOf(run), basis));
}

/** How runs of two sides are compared, by their number and by when they were made. */
export const howToCompare = (earlier: readonly NamedRun[], later: readonly NamedRun[]): How => ({
  sample: earlier.length === 1 && later.length === 1 ? 'round' : 'run',
  inTurn: areInTurn(
    resultsOf(earlier).map(({ startedAt }) => startedAt),
    resultsOf(later).map(({ startedAt }) => startedAt),
  ),
});

/** Each side has at least one run. `wanted`: null chooses costs where all were measured on one machine, else ratios. */
export function compareRuns(
  earlier: readonly NamedRun[],
  later: readonly NamedRun[],
  wanted: Basis | null,
): ComparedRuns {
  const [before, after] = [resultsOf(earlier), resultsOf(later)];
  const differences = environmentDifferences(before, after);
  const basis = wanted ?? (differences.some(({ costsDiffer }) => costsDiffer) ? 'ratio' : 'cost');
  const how = howToCompare(earlier, later);
  const matches = matchCells(before, after);
  const figures = matches.map(
    (match): TwoSides => ({
      earlier: figuresOf(match.earlier, before, basis, how.sample),
      later: figuresOf(match.later, after, basis, how.sample),
    }),
  );
  const p = adjustedPValues(figures, xorshift32(SEED));
  const cells = matches.map((match, i): ComparedCell => {
    const at = match.later.findIndex((one) => one !== null);
    const cell = (match.later[at] ?? match.earlier.find((one) => one !== null)) as Cell;
    const { environment } = (after[at] ?? after[0]) as Result;
    const change = changeOf(figures[i] as TwoSides, p[i] ?? 1, how);
    const verdicts = { earlier: findingOfSide(match.earlier), later: findingOfSide(match.later) };
    return {
      lock: cellName(cell),
      directory: cell.conditions.directory.path,
      where: describeConditions(cell.conditions, environment.cpus),
      change,
      reason: change === null ? whyNone(match, basis) : null,
      verdicts,
      worse: verdicts.earlier === 'held' && FAILED.includes(verdicts.later),
    };
  });
  const named = ({ name, result }: NamedRun) => ({ name, startedAt: result.startedAt });
  return { earlier: earlier.map(named), later: later.map(named), ...how, basis, differences, cells };
}
