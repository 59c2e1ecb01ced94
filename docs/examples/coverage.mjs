import { estimateMedian } from '../../dist/bench/statistics/median.js';

for (let n = 3; n <= 12; n++) {
  const samples = Array.from({ length: n }, (_, i) => i + 1);
  const { low, high, coverage, kind } = estimateMedian(samples);
  console.log(`${n} rounds: ${low} to ${high}, ${(100 * coverage).toFixed(1)}%, ${kind}`);
}
