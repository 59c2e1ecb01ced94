/**
 * Pairs measured in blocks: where a lock is measured in C and in another runtime, each block has fresh processes for all, so
 * that what a runtime costs over C is a ratio of each block, and the blocks give its interval. One process alone tells
 * nothing of how processes differ.
 */

import { type MedianEstimate, median } from '../statistics/median.js';
import { compareByBlock, type SamplesByBlock } from '../statistics/paired-ratio.js';
import type { PairFigures } from './pair-worker.js';

/** The fewest of which the smallest and the largest ratio cover the median with 95%. */
const BLOCKS = 6;
const FEWEST_SAMPLES = 10;
const C = 'c';

export interface Blocks {
  readonly blocks: number;
  /** Of each process. */
  readonly samples: number;
}

/** How so many samples are taken; in one block where nothing is compared. */
export function blocksOf(runtimes: readonly unknown[], samples: number): Blocks {
  const isCompared = runtimes.length > 1 && runtimes.includes(C);
  if (!isCompared) return { blocks: 1, samples };
  return { blocks: BLOCKS, samples: Math.max(FEWEST_SAMPLES, Math.ceil(samples / BLOCKS)) };
}

/** The figures of a lock in each block that measured it. */
export type FiguresByBlock = ReadonlyMap<number, PairFigures>;

/** Over all blocks: medians of what each says. `marginNs`: of the mean of their means. */
export function together(blocks: FiguresByBlock): PairFigures {
  const all = [...blocks.values()];
  const of = (get: (figures: PairFigures) => number): number => median(all.map(get));
  return {
    samples: all.reduce((sum, { samples }) => sum + samples, 0),
    medianNs: of(({ medianNs }) => medianNs),
    meanNs: all.reduce((sum, { meanNs }) => sum + meanNs, 0) / all.length,
    marginNs: Math.hypot(...all.map(({ marginNs }) => marginNs)) / all.length,
    p99Ns: of(({ p99Ns }) => p99Ns),
  };
}

const medians = (blocks: FiguresByBlock): SamplesByBlock =>
  new Map([...blocks].map(([block, { medianNs }]) => [block, medianNs]));

/** How many times as long as the same in C; null if no block has both. */
export const overC = (blocks: FiguresByBlock, inC: FiguresByBlock): MedianEstimate | null =>
  compareByBlock(medians(blocks), medians(inC))?.ratio ?? null;
