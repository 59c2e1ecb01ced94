/**
 * What is promised of intervals and tests, tried on made-up machines on which all cells cost the same: each promise is a
 * run, or two, and says whether the promise was kept in it.
 */
import { LEVEL } from '../../compare/compare-runs.js';
import { adjustedPValues } from '../../statistics/max-permutation.js';
import { estimateMedian } from '../../statistics/median.js';
import { compareByBlock } from '../../statistics/paired-ratio.js';
import { estimateShift } from '../../statistics/rank-sum.js';
import { toldApart } from '../../statistics/told-apart.js';
import { estimateLookedAt, isNarrowEnough } from '../../statistics/until-narrow.js';
import type { Machine, NoiseModel } from './noise-models.js';

export interface TestedPromise {
  readonly name: string;
  /** The share of runs in which it shall be kept, at least. */
  readonly promised: number;
  isKept(model: NoiseModel, random: () => number): boolean;
}

const CELLS = 8;
const UNTIL = 0.05;
/** A run that never becomes narrow ends by its time. */
const MOST_BLOCKS = 120;

const blocksOf = (machine: Machine, count: number): (readonly number[])[] =>
  Array.from({ length: count }, () => machine.block());

const column = (blocks: readonly (readonly number[])[], cell: number): number[] =>
  blocks.map((block) => block[cell] ?? Number.NaN);

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
  promised: estimateMedian(Array.from({ length: rounds }, () => 1)).coverage,
  isKept(model, random) {
    const blocks = blocksOf(model.start(CELLS, random), rounds);
    const compared = compareByBlock(byBlock(column(blocks, 0)), byBlock(column(blocks, 1)));
    return compared !== null && compared.ratio.low <= 1 && compared.ratio.high >= 1;
  },
});

const ofTable = (rounds: number): TestedPromise => ({
  name: `no lock of ${CELLS} told from the 1st, ${rounds} rounds`,
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

const ofComparedInterval = (rounds: number): TestedPromise => ({
  name: `compare: factor, ${rounds} and ${rounds} rounds`,
  promised: 0.95,
  isKept(model, random) {
    const [earlier, later] = [0, 1].map(() => column(blocksOf(model.start(CELLS, random), rounds), 0));
    const { low, high } = estimateShift(earlier ?? [], later ?? []);
    return low <= 0 && high >= 0;
  },
});

const ofComparison = (rounds: number): TestedPromise => ({
  name: `compare: none of ${CELLS} changed, ${rounds} and ${rounds} rounds`,
  promised: 0.95,
  isKept(model, random) {
    const runs = [0, 1].map(() => blocksOf(model.start(CELLS, random), rounds));
    const figures = Array.from({ length: CELLS }, (_, cell) => ({
      earlier: column(runs[0] ?? [], cell),
      later: column(runs[1] ?? [], cell),
    }));
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
  ofComparedInterval(6),
  ofComparison(6),
];
