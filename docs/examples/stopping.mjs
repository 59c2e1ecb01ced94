import { estimateMedian } from '../../dist/bench/statistics/median.js';
import { relativeHalfWidth } from '../../dist/bench/statistics/paired-ratio.js';

const RUNS = 20_000;
const LEAST_ROUNDS = 6;
const MOST_ROUNDS = 100;
const NARROW = 0.05;

// Skewed, as times of locks are: the logarithm is normal, so that the true median is 1.
const sample = () => {
  const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  return Math.exp(0.06 * normal);
};
const covers = ({ low, high }) => low <= 1 && high >= 1;

let claimed = 0;
let covered = 0;
let rounds = 0;
for (let run = 0; run < RUNS; run++) {
  const samples = Array.from({ length: LEAST_ROUNDS }, sample);
  let estimate = estimateMedian(samples);
  while (relativeHalfWidth(estimate) > NARROW && samples.length < MOST_ROUNDS) {
    samples.push(sample());
    estimate = estimateMedian(samples);
  }
  claimed += estimate.coverage;
  if (covers(estimate)) covered++;
  rounds += samples.length;
}
const percent = (share) => `${(100 * share).toFixed(1)} %`;
console.log(`stopped after ${(rounds / RUNS).toFixed(1)} rounds on average`);
console.log(`coverage claimed ${percent(claimed / RUNS)}, true ${percent(covered / RUNS)}`);
