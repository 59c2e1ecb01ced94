/**
 * Runs many rounds in one process, one after the other, and prints what the process keeps: `npm run test:rounds -- [COUNT]
 * [PROCESSES]`. With one process a round it takes half as long, and what the parent keeps of a round is the same.
 */
import { endKeepers } from '../../bench/measure/parent/kept-directories.js';
import { footprintOf } from '../support/footprint.js';
import { runRound, specOf } from '../support/one-round.js';

const [count = 10_000, processes = 2] = process.argv.slice(2).map(Number);
const STEPS = 20;
const alone = { kind: 'timing', conditions: { processes: 1, increments: 1 } } as const;
const spec = await specOf(
  'robust-mutex',
  processes === 1 ? alone : { enoughHandoffs: 1, conditions: { processes } },
);
for (let i = 0; i <= count; i++) {
  if (i % Math.max(1, Math.floor(count / STEPS)) === 0) console.log(i, JSON.stringify(footprintOf()));
  if (i < count) await runRound(spec);
}
await endKeepers();
