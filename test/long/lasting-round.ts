/**
 * Lets processes contend for a long time and prints what they keep: `npm run test:lasting -- [MINUTES] [PROCESSES] [LOCK]
 * [RUNTIME]`. A line for each worker, with the first and the last figure. Memory and descriptors shall stay as they are: else the
 * exit code is 1.
 */
import { BROKEN } from '../../bench/base/exit-codes.js';
import { keptBy, lastingRound } from '../support/long-round.js';

const [minutes = 1, processes = 8] = process.argv.slice(2, 4).map(Number);
const [lock = 'fcntl', runtime] = process.argv.slice(4);
const SAMPLES = 60;

const { turns, footprints } = await lastingRound({
  ...{ lock, processes, ns: minutes * 60e9, samples: SAMPLES },
  runtime: runtime === 'c' ? 'c' : undefined,
});
console.log(`${turns} turns by ${processes} processes in ${minutes} min under ${lock}`);
for (const [worker, samples] of footprints.entries()) {
  const [first, last] = [samples.at(0), samples.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no figures: the round was too short');
  const change = (name: keyof typeof first): string => `${name} ${first[name]} to ${last[name]}`;
  console.log(
    `worker ${worker}: ${(['residentBytes', 'maps', 'lowBytes', 'descriptors'] as const).map(change).join(', ')}`,
  );
}
const kept = keptBy({ footprints });
console.log(kept.length === 0 ? 'All keep what they had.' : kept.join('\n'));
if (kept.length > 0) process.exitCode = BROKEN;
