/**
 * Runs many rounds in one process, one after the other, and prints what the process keeps: `npm run test:rounds -- [COUNT]`.
 */
import { endKeepers } from '../../bench/measure/parent/kept-directories.js';
import { footprintOf } from '../support/footprint.js';
import { runRound, specOf } from '../support/one-round.js';

const [count = 10_000] = process.argv.slice(2).map(Number);
const STEPS = 10;
const spec = await specOf('robust-mutex', { enoughHandoffs: 1 });
for (let i = 0; i <= count; i++) {
  if (i % Math.max(1, Math.floor(count / STEPS)) === 0) console.log(i, JSON.stringify(footprintOf()));
  if (i < count) await runRound(spec);
}
await endKeepers();
