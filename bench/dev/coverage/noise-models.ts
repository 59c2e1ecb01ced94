/**
 * Machines that disturb what is measured on them, made up: all cells cost the same in the long run, so that each difference is noise.
 * Costs are logarithms.
 */
import { median } from '../../statistics/median.js';
import { shuffled } from '../../statistics/xorshift32.js';

type Random = () => number;

/** A machine on which one run is measured. */
export interface Machine {
  /** One timing round of each cell, in shuffled order. */
  block(): readonly number[];
  /** The true median of the first cell of this run, and how far from it is as good: no sample lies nearer. */
  truth(): { readonly median: number; readonly reach: number };
  /** The next run on the same machine, where that is another one than a new start would be. */
  nextRun?(): Machine;
}

export interface NoiseModel {
  readonly name: string;
  readonly what: string;
  /** In each run cells do differ from each other, and each from itself in another run. */
  readonly runsDiffer?: true;
  start(cells: number, random: Random): Machine;
}

/** Box and Muller's. */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** One in ten rounds is interrupted, for a time that has no upper limit. */
const INTERRUPTED = 0.1;
const INTERRUPTION = 0.5;
const SCATTER = 0.03;

const skewedRound = (random: Random): number =>
  SCATTER * normal(random) + (random() < INTERRUPTED ? -INTERRUPTION * Math.log(1 - random()) : 0);

/** Of the rounds above, with what a whole block suffers: found by drawing, once and for all. */
const SKEWED_MEDIAN_DRAWS = 100_001;
let skewedMedian: number | null = null;

const skewed: NoiseModel = {
  name: 'skewed',
  what: 'each block is a little faster or slower; one round in ten is interrupted, some for long',
  start(cells, random) {
    return {
      block() {
        const whole = SCATTER * normal(random);
        return Array.from({ length: cells }, () => whole + skewedRound(random));
      },
      truth() {
        skewedMedian ??= median(
          Array.from({ length: SKEWED_MEDIAN_DRAWS }, () => SCATTER * normal(random) + skewedRound(random)),
        );
        return { median: skewedMedian, reach: 0 };
      },
    };
  },
};

/** Rounds from one end of the swing to the other and back, and how far it swings. */
const PERIOD = 60;
const SWING = 0.15;

const drifting: NoiseModel = {
  name: 'drifting',
  what: 'the machine becomes slower and faster again by 35% in the course of 60 rounds',
  start(cells, random) {
    const begun = random();
    const levels: number[] = [];
    return {
      block() {
        const costs = Array.from({ length: cells }, () => 0);
        for (const cell of shuffled([...costs.keys()], random)) {
          const level = SWING * Math.sin(2 * Math.PI * (begun + levels.length / PERIOD));
          levels.push(level);
          costs[cell] = level + SCATTER * normal(random);
        }
        return costs;
      },
      truth: () => ({ median: median(levels), reach: 0 }),
    };
  },
};

/** A sibling that is busy in half of the rounds, and stays so for some. */
const BUSY_COSTS = 0.5;
const TURNS = 0.3;

const bimodal: NoiseModel = {
  name: 'bimodal',
  what: 'in half of the rounds, several in a row, another thread uses the core, and all costs 65% more',
  start(cells, random) {
    let busy = random() < 0.5;
    return {
      block() {
        const costs = Array.from({ length: cells }, () => 0);
        for (const cell of shuffled([...costs.keys()], random)) {
          if (random() < TURNS) busy = !busy;
          costs[cell] = (busy ? BUSY_COSTS : 0) + SCATTER * normal(random);
        }
        return costs;
      },
      // Half of the samples lie on either side, with hardly any between.
      truth: () => ({ median: BUSY_COSTS / 2, reach: BUSY_COSTS / 2 - 3 * SCATTER }),
    };
  },
};

/** By how much a run differs from others, and by how much more a cell in it. */
const OF_RUN = 0.05;

function runAt(levels: readonly number[], random: Random): Machine {
  return {
    block: () => levels.map((level) => level + SCATTER * normal(random)),
    truth: () => ({ median: levels[0] ?? Number.NaN, reach: 0 }),
  };
}

/** What a run adds to all cells, and to each. */
function stepOf(cells: number, random: Random): number[] {
  const whole = OF_RUN * normal(random);
  return Array.from({ length: cells }, () => whole + OF_RUN * normal(random));
}

export const runsDiffer: NoiseModel = {
  name: 'runs differ',
  what: 'each run is faster or slower as a whole, by 5%, and each cell of it by another 5%; rounds scatter by 3%',
  runsDiffer: true,
  start: (cells, random) => runAt(stepOf(cells, random), random),
};

function wanderFrom(levels: readonly number[], random: Random): Machine {
  return {
    ...runAt(levels, random),
    nextRun() {
      const steps = stepOf(levels.length, random);
      return wanderFrom(
        levels.map((level, cell) => level + (steps[cell] ?? 0)),
        random,
      );
    },
  };
}

const wandering: NoiseModel = {
  name: 'wandering',
  what: 'the same, but each run differs by that much from the run before it, and keeps what was added there',
  runsDiffer: true,
  start: (cells, random) => wanderFrom(stepOf(cells, random), random),
};

export const models: readonly NoiseModel[] = [skewed, drifting, bimodal, runsDiffer, wandering];
