/**
 * Machines that disturb what is measured on them, made up: all cells cost the same, so that each difference is noise. Costs
 * are logarithms.
 */
import { median } from '../../statistics/median.js';
import { shuffled } from '../../statistics/xorshift32.js';

type Random = () => number;

/** A machine on which one run is measured. */
export interface Machine {
  /** One timing round of each cell, in shuffled order. */
  block(): readonly number[];
  /** The true median of what this run measured, and how far from it is as good: no sample lies nearer. */
  truth(): { readonly median: number; readonly reach: number };
}

export interface NoiseModel {
  readonly name: string;
  readonly what: string;
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

export const models: readonly NoiseModel[] = [skewed, drifting, bimodal];
