import { setTimeout as sleep } from 'node:timers/promises';
import { describeEnvironment } from '../../dist/bench/machine/host.js';
import { readLoad } from '../../dist/bench/machine/machine-load.js';
import { describeNoise } from '../../dist/bench/machine/noise.js';
import { noiseVerdict, noiseWarnings } from '../../dist/bench/machine/noise-warnings.js';
import { fixedSpin } from '../../dist/bench/machine/spin.js';

const before = readLoad();
const spins = [fixedSpin()];
await sleep(1000);
spins.push(fixedSpin());
const after = readLoad();

const noise = describeNoise(before, after, spins, describeEnvironment(null));
console.log(before, after, noise);
console.log(noiseVerdict(noise));
for (const warning of noiseWarnings(noise)) console.log(`Warning: ${warning}.`);
