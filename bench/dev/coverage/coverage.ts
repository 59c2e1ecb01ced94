/**
 * `npm run bench:coverage`: how often do intervals cover the truth, and tests find what is not there, on machines that
 * disturb? Simulated, with a fixed seed: it prints the same each time.
 */
import { BROKEN } from '../../base/exit-codes.js';
import { percent } from '../../base/format.js';
import { parseCount } from '../../command-line/parse.js';
import { wilson } from '../../statistics/wilson.js';
import { xorshift32 } from '../../statistics/xorshift32.js';
import { print } from '../../text/standard-streams.js';
import { plainTable } from '../../text/table.js';
import { sayingUsage } from '../usage-errors.js';
import { models, type NoiseModel } from './noise-models.js';
import { promises, type TestedPromise } from './promises.js';

const DEFAULT_RUNS = 2000;
const MOST_RUNS = 1_000_000;
const SEED = 17;
/** There are some thirty figures: by chance one of a thousand lies so far off. */
const Z = 3.3;

/** How many of `runs` simulated runs kept the promise. */
export function kept(promise: TestedPromise, model: NoiseModel, runs: number): number {
  const random = xorshift32(SEED);
  let count = 0;
  for (let run = 0; run < runs; run++) if (promise.isKept(model, random)) count++;
  return count;
}

/** Missed, if so few runs would hardly be seen by chance, were the promise kept. */
export const isMissed = (count: number, runs: number, promised: number): boolean =>
  wilson(count, runs, Z)[1] < promised;

function main(): void {
  const runs = parseCount('runs', process.argv[2] ?? String(DEFAULT_RUNS), 100, MOST_RUNS);
  let missed = 0;
  const rows = promises.map((promise) => {
    const shares = models.map((model) => {
      const count = kept(promise, model, runs);
      const isBelow = isMissed(count, runs, promise.promised);
      if (isBelow) missed++;
      return `${percent(count / runs)}${isBelow ? ' MISSED' : ''}`;
    });
    return [promise.name, percent(promise.promised), ...shares];
  });
  print(plainTable(['kept in', 'promised', ...models.map(({ name }) => name)], rows));
  for (const { name, what } of models) print(`${name}: ${what}.`);
  if (missed > 0) process.exitCode = BROKEN;
}

if (process.argv[1]?.endsWith('coverage.js')) await sayingUsage(main);
