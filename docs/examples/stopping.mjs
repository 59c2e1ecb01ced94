import { estimateMedian } from '../../dist/bench/statistics/median.js';
import { relativeHalfWidth } from '../../dist/bench/statistics/paired-ratio.js';
import { xorshift32 } from '../../dist/bench/statistics/xorshift32.js';

const RUNS = 4_000;
const MOST_ROUNDS = 200;
const NARROW = 0.05;

const random = xorshift32(1);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
// Skewed, as times of locks are: the logarithm is normal, so that the true median is 1.
const skewed = (width) => () => Math.exp(width * normal());
// Half of the rounds beside a busy sibling: two peaks, and a median between them.
const twoPeaks = () => Math.exp(0.02 * normal() + (random() < 0.5 ? -0.04 : 0.04));

/** Runs until bounds of `wanted` are narrow; what those of 95% cover then. */
function play(sample, wanted) {
  let covered = 0;
  let rounds = 0;
  for (let run = 0; run < RUNS; run++) {
    const samples = [sample()];
    const isNarrow = () => {
      const estimate = estimateMedian(samples, wanted);
      return estimate.kind === 'interval' && relativeHalfWidth(estimate) <= NARROW;
    };
    while (!isNarrow() && samples.length < MOST_ROUNDS) samples.push(sample());
    const { low, high } = estimateMedian(samples);
    if (low <= 1 && high >= 1) covered++;
    rounds += samples.length;
  }
  return `${((100 * covered) / RUNS).toFixed(1)}% covered after ${(rounds / RUNS).toFixed(1)} rounds`;
}

for (const [name, sample] of [
  ['narrow', skewed(0.06)],
  ['wide', skewed(0.12)],
  ['two peaks', twoPeaks],
]) {
  console.log(`${name}: looking at 99%, ${play(sample, 0.99)}; looking at 95%, ${play(sample, 0.95)}`);
}
