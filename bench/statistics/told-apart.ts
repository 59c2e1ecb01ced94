/**
 * Which of several cells, measured in the same blocks, can be told apart by their cost? All pairs are tested at once, since who
 * looks at a table looks at all of them, and above all at the fastest, which chance has chosen, too: of eight equal locks a
 * test of each pair by itself "tells" one from the fastest in a quarter of all runs.
 *
 * In each block, all differences of logarithms may have their signs exchanged: between equal cells either sign is as likely.
 * A pair differs if its difference, in its own standard errors, is exceeded by the largest of all pairs in at most 5% of the
 * exchanges. So the chance to tell any pair apart, when all are equal, stays below 5%. Source: P. H. Westfall, S. S. Young,
 * Resampling-Based Multiple Testing, 1993 (the single-step maximum), with the exchanges of R. A. Fisher, The Design of
 * Experiments, 1935, chapter 21.
 *
 * Fewer than six blocks have too few exchanges for 5%. There Student's t decides, and the level is divided by the number of
 * pairs (Bonferroni), which takes a difference that is many times as large as its scatter. Three differences lie close together
 * by chance, above all where a machine is in one of two states: no scatter counts as less than that of all pairs together.
 */
import type { SamplesByBlock } from './paired-ratio.js';
import { varianceOf } from './variance.js';
import { xorshift32 } from './xorshift32.js';

const LEVEL = 0.05;
/** With one half of them, since the other one is the same with all signs exchanged: 1 of 32 is below the level. */
const LEAST_BLOCKS_TO_EXCHANGE = 6;
/** Two differences may agree by chance to any number of digits. */
const LEAST_BLOCKS = 3;
const MOST_EXCHANGES = 1000;
/** So that the same figures give the same answer. */
const SEED = 1;

/** Two cells in the blocks that have both. */
interface Pair {
  readonly differences: readonly number[];
  /** Of each: the index of its block among all. */
  readonly blocks: readonly number[];
}

/** Student's t of a mean, without its sign, each difference with the sign of its block. */
function tOf({ differences, blocks }: Pair, signs: Int8Array, leastVariance = 0): number {
  const n = differences.length;
  if (n < 2) return 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const one = (differences[i] as number) * (signs[blocks[i] as number] as number);
    sum += one;
    squares += one * one;
  }
  if (sum === 0) return 0;
  // Equal differences leave a variance of 0, or of what rounding makes of it.
  const variance = Math.max(leastVariance, (squares - (sum * sum) / n) / (n - 1)) / n;
  return variance === 0 ? Number.POSITIVE_INFINITY : Math.abs(sum / n) / Math.sqrt(variance);
}

/** Each way to give signs to blocks, but for those that mirror another; or some that are drawn. The first one changes nothing. */
function* exchanges(blocks: number): Generator<Int8Array> {
  const signs = new Int8Array(blocks).fill(1);
  const ways = 2 ** (blocks - 1);
  if (ways <= MOST_EXCHANGES) {
    for (let way = 0; way < ways; way++) {
      for (let block = 0; block < blocks - 1; block++) signs[block] = (way >> block) & 1 ? -1 : 1;
      yield signs;
    }
    return;
  }
  yield signs;
  const random = xorshift32(SEED);
  for (let drawn = 1; drawn < MOST_EXCHANGES; drawn++) {
    for (let block = 0; block < blocks; block++) signs[block] = random() < 0.5 ? -1 : 1;
    yield signs;
  }
}

/** The probability that Student's t of 2, 3 or 4 degrees of freedom lies further from 0 than `t`. */
export function studentTail(t: number, degrees: 2 | 3 | 4): number {
  if (t === Number.POSITIVE_INFINITY) return 0;
  const scaled = t / Math.sqrt(degrees);
  const sine = t / Math.sqrt(degrees + t * t);
  switch (degrees) {
    case 2:
      return 1 - sine;
    case 3:
      return 1 - (2 / Math.PI) * (Math.atan(scaled) + scaled / (1 + scaled * scaled));
    case 4:
      return 1 - sine * (1 + (1 - sine * sine) / 2);
  }
}

/** Of each pair of few blocks: its p-value, multiplied by the number of pairs. */
function fewBlocks(pairs: readonly Pair[], blocks: number): number[] {
  const signs = new Int8Array(blocks).fill(1);
  const variances = pairs.map(({ differences }) => varianceOf(differences));
  const ofAll = variances.reduce((sum, one) => sum + one, 0) / Math.max(1, pairs.length);
  return pairs.map((pair) => {
    const degrees = pair.differences.length - 1;
    const isEnough = degrees === 2 || degrees === 3 || degrees === 4;
    return isEnough ? Math.min(1, studentTail(tOf(pair, signs, ofAll), degrees) * pairs.length) : 1;
  });
}

/** Of each pair: in which share of the exchanges some pair differs at least as much. */
function byExchange(pairs: readonly Pair[], blocks: number): number[] {
  const seen: number[] = [];
  const atLeast = pairs.map(() => 0);
  let tried = 0;
  for (const signs of exchanges(blocks)) {
    const all = pairs.map((pair) => tOf(pair, signs));
    if (tried === 0) seen.push(...all);
    tried++;
    const largest = all.reduce((a, b) => Math.max(a, b), 0);
    // The same sums in another order differ in their last digits.
    for (const [i, one] of seen.entries()) {
      if (largest >= one * (1 - 1e-9)) atLeast[i] = (atLeast[i] ?? 0) + 1;
    }
  }
  return atLeast.map((count) => count / tried);
}

/** Whether two of the cells, by their index, differ by more than chance explains. */
export type AreToldApart = (one: number, other: number) => boolean;

/** Tests all pairs of cells at once. A cell's figure in each block must be above 0. */
export function toldApart(cells: readonly SamplesByBlock[]): AreToldApart {
  const blocks = [...new Set(cells.flatMap((cell) => [...cell.keys()]))];
  const logs = cells.map((cell) =>
    blocks.map((block) => {
      const ns = cell.get(block);
      return ns === undefined ? null : Math.log(ns);
    }),
  );
  const indices = new Map<string, number>();
  const pairs: Pair[] = [];
  for (let one = 0; one < cells.length; one++) {
    for (let other = one + 1; other < cells.length; other++) {
      const both = blocks.flatMap((_, block) => {
        const [a, b] = [logs[one]?.[block] ?? null, logs[other]?.[block] ?? null];
        return a === null || b === null ? [] : [{ block, difference: b - a }];
      });
      indices.set(`${one} ${other}`, pairs.length);
      pairs.push({
        differences: both.map(({ difference }) => difference),
        blocks: both.map(({ block }) => block),
      });
    }
  }
  const p =
    blocks.length < LEAST_BLOCKS
      ? pairs.map(() => 1)
      : blocks.length < LEAST_BLOCKS_TO_EXCHANGE
        ? fewBlocks(pairs, blocks.length)
        : byExchange(pairs, blocks.length);
  return (one, other) => {
    if (one === other) return false;
    const index = indices.get(`${Math.min(one, other)} ${Math.max(one, other)}`);
    return index !== undefined && (p[index] ?? 1) <= LEVEL;
  };
}
