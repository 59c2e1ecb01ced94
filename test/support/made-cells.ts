/**
 * Cells and rounds of a result, made by hand.
 */

import type { Cell, Conditions, MeasuredCell } from '../../bench/measure/result/result-schema.js';
import type { RoundRecord, TimingRound } from '../../bench/measure/result/rounds-schema.js';
import { estimateMedian } from '../../bench/statistics/median.js';

export const conditions: Conditions = {
  processes: 2,
  readers: 0,
  rogues: 0,
  pin: null,
  increments: 100,
  directory: { path: '/tmp', filesystem: 'ext4', options: [] },
  number: 'kept-open',
  hold: null,
  think: null,
};

const TURNS = 10;

const common = {
  order: 0,
  turns: TURNS,
  final: 1 + TURNS,
  expected: 1 + TURNS,
  lost: 0,
  changedReads: 0,
  sequence: 'intact' as const,
  workers: [],
};

/** A timing round of a block, by its cost per increment. */
export const timingRound = (block: number, ns: number): TimingRound => ({
  kind: 'timing',
  ...common,
  block,
  wallNs: TURNS * ns,
  contention: null,
});

type Exclusion = Extract<RoundRecord, { kind: 'prove' }>['exclusion'];

export const proveRound = (exclusion: Exclusion): RoundRecord => ({
  kind: 'prove',
  ...common,
  block: 0,
  wallNs: 1_000,
  exclusion,
});

export const traceRound = (exclusion: Exclusion): RoundRecord => ({
  kind: 'trace',
  ...common,
  block: 0,
  wallNs: 1_000,
  exclusion,
  acquireNs: null,
  handoffNs: null,
});

/** What shall differ from a cell that held, unchecked, and lost nothing. */
interface Differences {
  readonly wait?: string;
  readonly conditions?: Partial<Conditions>;
  readonly verdict?: Partial<MeasuredCell['verdict']>;
  readonly rounds?: readonly RoundRecord[];
  /** Of each block's timing round. */
  readonly costsNs?: readonly number[];
}

/** A cell with figures: "measured", or a failed verdict where the verdict says so. */
export function measuredCell(strategy: string, differences: Differences = {}): MeasuredCell {
  const { wait = 'spin', costsNs = [1], rounds = [] } = differences;
  const verdict = {
    exclusion: 'unchecked' as const,
    violations: 0,
    handoffs: 0,
    sequence: 'intact' as const,
    lost: 0,
    changedReads: 0,
    ...differences.verdict,
  };
  const cell = {
    strategy,
    wait,
    conditions: { ...conditions, ...differences.conditions },
    rounds: [...rounds, ...costsNs.map((ns, block) => timingRound(block, ns))],
    nsPerIncrement: estimateMedian(costsNs),
    outliers: [],
    ratio: null,
    verdict,
    contention: null,
    failedTries: 0,
    acquireNs: null,
    handoffNs: null,
    cpu: { userNs: 0, systemNs: 0, voluntarySwitches: 0, involuntarySwitches: 0, migrations: null },
  };
  return verdict.sequence === 'intact' && verdict.exclusion !== 'violated' && verdict.changedReads === 0
    ? { ...cell, state: 'measured' }
    : { ...cell, state: 'failed-verdict', reason: 'for a test' };
}

/** A cell that lost this many updates, none being an intact sequence. */
export const losing = (strategy: string, lost: number, differences: Differences = {}): MeasuredCell =>
  measuredCell(strategy, {
    ...differences,
    verdict: { sequence: lost === 0 ? 'intact' : 'lost-updates', lost },
  });

export const unmeasuredCell = (strategy: string, state: 'unavailable' | 'timed-out' | 'errored'): Cell => ({
  strategy,
  wait: 'spin',
  conditions,
  state,
  reason: 'for a test',
});
