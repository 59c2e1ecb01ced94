/**
 * What is promised of intervals and tests, tried on made-up machines on which all cells cost the same: each promise is a
 * run, or several, and says whether the promise was kept in it.
 */
import { LEVEL } from '../../compare/can-tell.js';
import { adjustedPValues } from '../../statistics/max-permutation.js';
import { estimateMedian } from '../../statistics/median.js';
import { compareByBlock } from '../../statistics/paired-ratio.js';
import { estimateShift } from '../../statistics/rank-sum.js';
import { toldApart } from '../../statistics/told-apart.js';
import { estimateLookedAt, isNarrowEnough } from '../../statistics/until-narrow.js';
import { blocksOf, CELLS, column, figuresOfRuns, runsOf } from './made-up-runs.js';
import type { Machine, NoiseModel } from './noise-models.js';

export interface TestedPromise {
  readonly name: string;
  /** The share of tries in which it shall be kept, at least; null: nothing is promised, and the share shows why. */
  readonly promised: number | null;
  /** Between cells of one run: not promised where these do differ. */
  readonly betweenCells?: true;
  isKept(model: NoiseModel, random: () => number): boolean;
}

/** Runs of each side, and rounds of each run. */
const RUNS = 4;
const ROUNDS_OF_RUN = 6;
const UNTIL = 0.05;
/** A run that never becomes narrow ends by its time. */
const MOST_BLOCKS = 120;

const byBlock = (logs: readonly number[]): Map<number, number> =>
  new Map(logs.map((log, block) => [block, Math.exp(log)]));

interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Whether the truth, or what is as good as it, lies within bounds of costs. */
function covers({ low, high }: Bounds, machine: Machine): boolean {
  const { median, reach } = machine.truth();
  return Math.log(low) <= median + reach && Math.log(high) >= median - reach;
}

const ofCost = (rounds: number): TestedPromise => ({
  name: `cost, ${rounds} rounds`,
  promised: estimateMedian(Array.from({ length: rounds }, () => 1)).coverage,
  isKept(model, random) {
    const machine = model.start(CELLS, random);
    return covers(estimateMedian(column(blocksOf(machine, rounds), 0).map(Math.exp)), machine);
  },
});

const ofRatio = (rounds: number): TestedPromise => ({
  name: `ratio to fcntl, ${rounds} rounds`,
  betweenCells: true,
  promised: estimateMedian(Array.from({ length: rounds }, () => 1)).coverage,
  isKept(model, random) {
    const blocks = blocksOf(model.start(CELLS, random), rounds);
    const compared = compareByBlock(byBlock(column(blocks, 0)), byBlock(column(blocks, 1)));
    return compared !== null && compared.ratio.low <= 1 && compared.ratio.high >= 1;
  },
});

const ofTable = (rounds: number): TestedPromise => ({
  name: `no lock of ${CELLS} told from the 1st, ${rounds} rounds`,
  betweenCells: true,
  promised: 0.95,
  isKept(model, random) {
    const blocks = blocksOf(model.start(CELLS, random), rounds);
    const cells = Array.from({ length: CELLS }, (_, cell) => byBlock(column(blocks, cell)));
    const sorted = cells.sort(
      (a, b) => estimateMedian([...a.values()]).median - estimateMedian([...b.values()]).median,
    );
    const areTold = toldApart(sorted);
    return sorted.every((_, i) => !areTold(0, i));
  },
});

/** Of two runs alone: where runs differ, the bounds are of the difference of these two. */
const ofComparedRounds = (rounds: number): TestedPromise => ({
  name: `compare: factor of 2 runs, ${rounds} rounds each`,
  promised: 0.95,
  isKept(model, random) {
    const [earlier, later] = runsOf(model, 2, random) as [Machine, Machine];
    const { low, high } = estimateShift(
      column(blocksOf(earlier, rounds), 0),
      column(blocksOf(later, rounds), 0),
    );
    const truth = model.runsDiffer ? later.truth().median - earlier.truth().median : 0;
    return low <= truth && high >= truth;
  },
});

/** As `compare` did it once; as it does, it calls nothing changed. */
const ofExchangedRounds = (rounds: number): TestedPromise => ({
  name: `rounds of 2 runs exchanged: none of ${CELLS} changed`,
  promised: null,
  isKept(model, random) {
    const [earlier, later] = runsOf(model, 2, random).map((run) => blocksOf(run, rounds));
    const figures = Array.from({ length: CELLS }, (_, cell) => ({
      earlier: column(earlier ?? [], cell),
      later: column(later ?? [], cell),
    }));
    return adjustedPValues(figures, random).every((p) => p > LEVEL);
  },
});

const TURNS: readonly ((i: number) => boolean)[] = [(i) => i % 2 === 0, (i) => i % 2 === 1];
const ONE_AFTER_ANOTHER: typeof TURNS = [(i) => i < RUNS, (i) => i >= RUNS];

const ofRunFactor: TestedPromise = {
  name: `compare: factor, ${RUNS} and ${RUNS} runs in turn`,
  promised: estimateShift(
    Array.from({ length: RUNS }, () => 0),
    Array.from({ length: RUNS }, () => 0),
  ).coverage,
  isKept(model, random) {
    const costs = figuresOfRuns(model, { runs: 2 * RUNS, rounds: ROUNDS_OF_RUN }, random)[0] ?? [];
    const [earlier, later] = TURNS.map((isOf) => costs.filter((_, i) => isOf(i)));
    const { low, high } = estimateShift(earlier ?? [], later ?? []);
    return low <= 0 && high >= 0;
  },
};

const ofRuns = (name: string, promised: number | null, order: typeof TURNS): TestedPromise => ({
  name,
  promised,
  isKept(model, random) {
    const figures = figuresOfRuns(model, { runs: 2 * RUNS, rounds: ROUNDS_OF_RUN }, random).map((costs) => {
      const [earlier, later] = order.map((isOf) => costs.filter((_, i) => isOf(i)));
      return { earlier: earlier ?? [], later: later ?? [] };
    });
    return adjustedPValues(figures, random).every((p) => p > LEVEL);
  },
});

const ofUntil: TestedPromise = {
  name: '--until 5%: cost',
  promised: 0.95,
  isKept(model, random) {
    const machine = model.start(1, random);
    const costs: number[] = [];
    do costs.push(Math.exp(machine.block()[0] ?? Number.NaN));
    while (!isNarrowEnough(costs, UNTIL) && costs.length < MOST_BLOCKS);
    return covers(estimateLookedAt(costs), machine);
  },
};

export const promises: readonly TestedPromise[] = [
  ofCost(6),
  ofCost(12),
  ofRatio(6),
  ofRatio(12),
  ofTable(3),
  ofTable(6),
  ofTable(12),
  ofUntil,
  ofComparedRounds(6),
  ofExchangedRounds(6),
  ofRunFactor,
  ofRuns(`compare: none of ${CELLS} changed, ${RUNS} and ${RUNS} in turn`, 0.95, TURNS),
  ofRuns(`the same, ${RUNS} runs and then ${RUNS}`, null, ONE_AFTER_ANOTHER),
];
