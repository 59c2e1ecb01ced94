/**
 * From rounds to a result's cells: medians, ratios, verdicts.
 */
import type { CellProgress } from '../run/run.js';
import { estimateMedian, median } from '../statistics/median.js';
import { outliers } from '../statistics/outliers.js';
import type { Cell, MeasuredCell, RoundRecord } from './result.js';

const BASELINE = { strategy: 'fcntl', wait: 'block' } as const;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const nsPerIncrement = ({ wallNs, turns }: RoundRecord): number => wallNs / turns;

/** The same conditions are the same object's contents; a directory is known by its path. */
const conditionsKey = ({ cell }: CellProgress): string => JSON.stringify(cell.conditions);

/** Ratios of the rounds that stand in one block. */
function ratioTo(rounds: readonly RoundRecord[], baseline: readonly RoundRecord[]): MeasuredCell['ratio'] {
  const ofBlock = new Map(baseline.map((round) => [round.block, nsPerIncrement(round)]));
  const ratios = rounds.flatMap((round) => {
    const other = ofBlock.get(round.block);
    return other === undefined ? [] : [nsPerIncrement(round) / other];
  });
  return ratios.length === 0
    ? null
    : { to: `${BASELINE.strategy}/${BASELINE.wait}`, ...estimateMedian(ratios) };
}

function contentionOf(rounds: readonly RoundRecord[]): MeasuredCell['contention'] {
  const each = rounds.flatMap(({ contention }) => contention ?? []);
  if (each.length < rounds.length || each.length === 0) return null;
  return {
    ownerChanges: sum(each.map(({ ownerChanges }) => ownerChanges)),
    longestRun: Math.max(...each.map(({ longestRun }) => longestRun)),
    jain: median(each.map(({ jain }) => jain)),
    shareBeforeFirstFinisher: median(each.map(({ shareBeforeFirstFinisher }) => shareBeforeFirstFinisher)),
  };
}

function cpuOf(rounds: readonly RoundRecord[]): MeasuredCell['cpu'] {
  const workers = rounds.flatMap((round) => round.workers);
  const migrations = workers.flatMap((worker) => worker.migrations ?? []);
  return {
    userNs: sum(workers.map(({ userNs }) => userNs)),
    systemNs: sum(workers.map(({ systemNs }) => systemNs)),
    voluntarySwitches: sum(workers.map(({ voluntarySwitches }) => voluntarySwitches)),
    involuntarySwitches: sum(workers.map(({ involuntarySwitches }) => involuntarySwitches)),
    migrations: migrations.length < workers.length ? null : sum(migrations),
  };
}

function verdictOf(rounds: readonly RoundRecord[]): MeasuredCell['verdict'] {
  const intact = rounds.every(({ sequence }) => sequence === 'intact');
  return {
    exclusion: 'unchecked',
    violations: 0,
    handoffs: 0,
    sequence: intact ? 'intact' : 'lost-updates',
    lost: sum(rounds.map(({ lost }) => lost)),
  };
}

function summariseOne(progress: CellProgress, baseline: readonly RoundRecord[]): Cell | null {
  const { cell, rounds, failure } = progress;
  const { strategy, wait, conditions } = cell;
  const identity = { strategy, wait, conditions };
  if (cell.unavailable !== null) return { ...identity, state: 'unavailable', reason: cell.unavailable };
  if (failure !== null) return { ...identity, ...failure };
  if (rounds.length === 0) return null;
  const costs = rounds.map(nsPerIncrement);
  const verdict = verdictOf(rounds);
  const figures = {
    rounds: [...rounds],
    nsPerIncrement: estimateMedian(costs),
    outliers: outliers(costs),
    ratio: ratioTo(rounds, baseline),
    verdict,
    contention: contentionOf(rounds),
    failedTries: sum(rounds.flatMap(({ workers }) => workers.map(({ failedTries }) => failedTries))),
    acquireNs: null,
    cpu: cpuOf(rounds),
  };
  if (verdict.sequence === 'intact') return { ...identity, state: 'measured', ...figures };
  const turns = sum(rounds.map((round) => round.turns));
  const reason =
    verdict.lost === 0
      ? 'the numbers taken do not add up to the number in the file: this is no lock'
      : `${verdict.lost} of ${turns} turns took a number that another turn took too: this is no lock`;
  return { ...identity, state: 'failed-verdict', reason, ...figures };
}

/** The cells that have anything to tell: those whose first block was interrupted have not. */
export function summarise(all: readonly CellProgress[]): Cell[] {
  const baselines = new Map(
    all
      .filter(({ cell }) => cell.strategy === BASELINE.strategy && cell.wait === BASELINE.wait)
      .map((progress) => [conditionsKey(progress), progress.rounds]),
  );
  return all.flatMap(
    (progress) => summariseOne(progress, baselines.get(conditionsKey(progress)) ?? []) ?? [],
  );
}
