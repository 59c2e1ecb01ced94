/**
 * From rounds to a result's cells: medians, ratios, verdicts.
 */

import { sumOfRequests } from '../../machine/rpc-counts.js';
import { estimateMedian, type MedianEstimate, median } from '../../statistics/median.js';
import { outliers } from '../../statistics/outliers.js';
import { cellName, timingRounds, turnsOf } from '../result/result.js';
import type { Cell, MeasuredCell } from '../result/result-schema.js';
import type { RoundRecord, TimingRound } from '../result/rounds-schema.js';
import { judgeExclusion } from '../verdict/exclusion.js';
import { violation } from '../verdict/violation.js';
import type { CellProgress } from './cell-progress.js';

export const BASELINE = { strategy: 'fcntl', wait: 'block' } as const;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const nsPerIncrement = ({ wallNs, turns }: TimingRound): number => wallNs / turns;

/** The same conditions are the same object's contents; a directory is known by its path. */
const conditionsKey = ({ cell }: CellProgress): string => JSON.stringify(cell.conditions);

/** What cells of the same conditions are compared with. */
interface Baseline {
  readonly name: string;
  readonly rounds: readonly TimingRound[];
}

/** Ratios of the rounds that stand in one block. */
function ratiosTo(rounds: readonly TimingRound[], baseline: readonly TimingRound[]): number[] {
  const ofBlock = new Map(baseline.map((round) => [round.block, nsPerIncrement(round)]));
  return rounds.flatMap((round) => {
    const other = ofBlock.get(round.block);
    return other === undefined ? [] : [nsPerIncrement(round) / other];
  });
}

/** From samples to a median with its bounds: a run that looks whether they are narrow has others than one that does not. */
export type Estimate = (values: readonly number[]) => MedianEstimate;

function ratioTo(
  rounds: readonly TimingRound[],
  baseline: Baseline | undefined,
  estimate: Estimate,
): MeasuredCell['ratio'] {
  const ratios = baseline === undefined ? [] : ratiosTo(rounds, baseline.rounds);
  return baseline === undefined || ratios.length === 0 ? null : { to: baseline.name, ...estimate(ratios) };
}

const C = 'c';

/** What the runtime costs: the same lock in C is the yardstick. */
function overC(
  rounds: readonly TimingRound[],
  inC: readonly TimingRound[],
  estimate: Estimate,
): Pick<MeasuredCell, 'overC'> {
  const ratios = ratiosTo(rounds, inC);
  return ratios.length === 0 ? {} : { overC: estimate(ratios) };
}

function contentionOf(rounds: readonly TimingRound[]): MeasuredCell['contention'] {
  const each = rounds.flatMap(({ contention }) => contention ?? []);
  if (each.length < rounds.length || each.length === 0) return null;
  return {
    ownerChanges: sum(each.map(({ ownerChanges }) => ownerChanges)),
    longestRun: Math.max(...each.map(({ longestRun }) => longestRun)),
    jain: median(each.map(({ jain }) => jain)),
    shareBeforeFirstFinisher: median(each.map(({ shareBeforeFirstFinisher }) => shareBeforeFirstFinisher)),
  };
}

function cpuOf(rounds: readonly TimingRound[]): MeasuredCell['cpu'] {
  const workers = rounds.flatMap((round) => round.workers);
  const migrations = workers.flatMap((worker) => worker.migrations ?? []);
  const counts = workers.flatMap((worker) => worker.counts ?? []);
  return {
    userNs: sum(workers.map(({ userNs }) => userNs)),
    systemNs: sum(workers.map(({ systemNs }) => systemNs)),
    voluntarySwitches: sum(workers.map(({ voluntarySwitches }) => voluntarySwitches)),
    involuntarySwitches: sum(workers.map(({ involuntarySwitches }) => involuntarySwitches)),
    migrations: migrations.length < workers.length ? null : sum(migrations),
    // What some of them lack would be missing in the sum.
    ...(counts.length === 0 || counts.length < workers.length
      ? {}
      : {
          counts: {
            instructions: sum(counts.map(({ instructions }) => instructions)),
            cycles: sum(counts.map(({ cycles }) => cycles)),
            cacheMisses: sum(counts.map(({ cacheMisses }) => cacheMisses)),
          },
        }),
  };
}

/** By operation, over all timing rounds; null unless all of them were counted. */
function rpcsPerIncrement(rounds: readonly TimingRound[]): Record<string, number> | null {
  const counted = rounds.flatMap(({ rpcs }) => (rpcs === undefined ? [] : [rpcs]));
  if (counted.length < rounds.length) return null;
  const turns = sum(rounds.map((round) => round.turns));
  const requests = Object.entries(sumOfRequests(counted));
  return Object.fromEntries(requests.map(([operation, count]) => [operation, count / turns]));
}

/** Both verdicts, over rounds of all kinds. */
export function verdictOf(rounds: readonly RoundRecord[]): MeasuredCell['verdict'] {
  const intact = rounds.every(({ sequence }) => sequence === 'intact');
  // A trace round provokes nothing: what it finds counts, how often the lock was handed over in it does not.
  const findings = rounds.flatMap((round) => {
    if (round.kind === 'timing') return [];
    return round.kind === 'prove' ? round.exclusion : { ...round.exclusion, handoffs: 0 };
  });
  return {
    exclusion: judgeExclusion(findings),
    violations: sum(findings.map(({ violations }) => violations)),
    handoffs: sum(findings.map(({ handoffs }) => handoffs)),
    sequence: intact ? 'intact' : 'lost-updates',
    lost: sum(rounds.map(({ lost }) => lost)),
    changedReads: sum(rounds.map(({ changedReads }) => changedReads)),
  };
}

/** Why a verdict failed, in words, or null if it did not. */
function failureOf(verdict: MeasuredCell['verdict'], rounds: RoundRecord[]): string | null {
  const { sequence, exclusion, lost, changedReads } = verdict;
  const reasons: string[] = [];
  if (lost > 0)
    reasons.push(`${lost} of ${turnsOf({ rounds })} turns took a number that another turn took too`);
  else if (sequence === 'lost-updates')
    reasons.push('the numbers taken do not add up to the number in the file');
  if (exclusion === 'violated') reasons.push(`it let ${violation({ verdict, rounds })}`);
  if (changedReads > 0) reasons.push(`${changedReads} times the number changed while a reader was inside`);
  return reasons.length === 0 ? null : reasons.join('; ');
}

function summariseOne(
  progress: CellProgress,
  baseline: Baseline | undefined,
  inC: readonly TimingRound[],
  estimate: Estimate,
): Cell | null {
  const { cell, rounds, failure } = progress;
  const { wait, conditions, runtime } = cell;
  const identity = {
    ...{ strategy: cell.strategy.name, wait },
    ...(runtime === undefined ? {} : { runtime }),
    conditions,
  };
  if (cell.unavailable !== null) {
    const state = cell.hangs ? 'timed-out' : 'unavailable';
    return { ...identity, state, reason: cell.unavailable };
  }
  // What has come to its end is kept: it may have taken hours.
  const finished = rounds.length === 0 ? {} : { rounds: [...rounds] };
  if (failure !== null) return { ...identity, ...failure, ...finished };
  const timed = timingRounds({ rounds });
  if (timed.length === 0) {
    const reason = 'the run ended before its first timing round';
    return rounds.length === 0 ? null : { ...identity, state: 'interrupted', reason, ...finished };
  }
  const costs = timed.map(nsPerIncrement);
  const unusual = new Set(outliers(costs));
  const trace = rounds.find((round) => round.kind === 'trace');
  const verdict = verdictOf(rounds);
  const rpcs = rpcsPerIncrement(timed);
  const figures = {
    rounds: [...rounds],
    nsPerIncrement: estimate(costs),
    outliers: timed.flatMap(({ block }, i) => (unusual.has(i) ? [block] : [])),
    ratio: ratioTo(timed, baseline, estimate),
    verdict,
    ...overC(timed, inC, estimate),
    contention: contentionOf(timed),
    failedTries: sum(timed.flatMap(({ workers }) => workers.map(({ failedTries }) => failedTries))),
    acquireNs: trace?.acquireNs ?? null,
    handoffNs: trace?.handoffNs ?? null,
    cpu: cpuOf(timed),
    ...(rpcs === null ? {} : { rpcsPerIncrement: rpcs }),
  };
  const reason = failureOf(verdict, rounds);
  return reason === null
    ? { ...identity, state: 'measured', ...figures }
    : { ...identity, state: 'failed-verdict', reason, ...figures };
}

/** The same lock in C, under the same conditions. */
const keyInC = ({ cell }: CellProgress): string =>
  JSON.stringify([cell.strategy.name, cell.wait, cell.conditions]);

/** The cells that have anything to tell: those of which no round came to its end have not. */
export function summarise(all: readonly CellProgress[], estimate: Estimate = estimateMedian): Cell[] {
  const baselines = new Map<string, Baseline>();
  const inC = new Map<string, readonly TimingRound[]>();
  for (const progress of all) {
    const { strategy, wait, runtime } = progress.cell;
    const rounds = timingRounds(progress);
    const key = conditionsKey(progress);
    // Of several runtimes, the first one asked for.
    const isBaseline = strategy.name === BASELINE.strategy && wait === BASELINE.wait && rounds.length > 0;
    if (isBaseline && !baselines.has(key)) {
      const name = cellName({ strategy: strategy.name, wait, ...(runtime === undefined ? {} : { runtime }) });
      baselines.set(key, { name, rounds });
    }
    if (runtime === C) inC.set(keyInC(progress), rounds);
  }
  return all.flatMap((progress) => {
    const others = progress.cell.runtime === C ? [] : (inC.get(keyInC(progress)) ?? []);
    return summariseOne(progress, baselines.get(conditionsKey(progress)), others, estimate) ?? [];
  });
}
