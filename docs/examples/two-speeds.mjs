import { setTimeout as sleep } from 'node:timers/promises';
import { readLoad } from '../../dist/bench/machine/machine-load.js';
import { fixedSpin } from '../../dist/bench/machine/spin.js';

const TIMES = 150;
const before = readLoad();
const spins = [];
for (let i = 0; i < TIMES; i++) {
  spins.push(fixedSpin());
  await sleep(200);
}
const stolen = (readLoad().processors?.steal ?? Number.NaN) - (before.processors?.steal ?? Number.NaN);

const tenths = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (tenth) => sorted[Math.round((tenth / 10) * (sorted.length - 1))];
  return Array.from({ length: 11 }, (_, tenth) => (at(tenth) / 1e6).toFixed(2)).join('  ');
};
console.log(`one chain    ${tenths(spins.map(({ chainNs }) => chainNs))}`);
console.log(`four chains  ${tenths(spins.map(({ fourChainsNs }) => fourChainsNs))}`);
console.log(`ticks stolen ${stolen}`);
