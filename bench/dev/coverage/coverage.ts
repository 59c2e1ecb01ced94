/**
 * `npm run bench:coverage`: how often do intervals cover the truth, and tests find what is not there, on machines that
 * disturb? Simulated, with a fixed seed: it prints the same each time.
 */
import { BROKEN } from '../../base/exit-codes.js';
import { digits, percent } from '../../base/format.js';
import { parseCount } from '../../command-line/parse.js';
import { wilson } from '../../statistics/wilson.js';
import { xorshift32 } from '../../statistics/xorshift32.js';
import { print } from '../../text/standard-streams.js';
import { plainTable } from '../../text/table.js';
import { sayingUsage } from '../usage-errors.js';
import { CELLS } from './made-up-runs.js';
import { models, type NoiseModel } from './noise-models.js';
import { POWER, smallestFactor } from './power.js';
import { promises, type TestedPromise } from './promises.js';

const DEFAULT_RUNS = 2000;
const MOST_RUNS = 1_000_000;
const SEED = 17;
/** There are some fifty figures: by chance one of a thousand lies so far off. */
const Z = 3.3;

/** How many of `runs` simulated runs kept the promise. */
export function kept(promise: TestedPromise, model: NoiseModel, runs: number): number {
  const random = xorshift32(SEED);
  let count = 0;
  for (let run = 0; run < runs; run++) if (promise.isKept(model, random)) count++;
  return count;
}

/** Missed, if so few runs would hardly be seen by chance, were the promise kept. */
export const isMissed = (count: number, runs: number, promised: number | null): boolean =>
  promised !== null && wilson(count, runs, Z)[1] < promised;

export const isPromised = ({ betweenCells }: TestedPromise, { runsDiffer }: NoiseModel): boolean =>
  !(betweenCells && runsDiffer);

/** Runs of each side, and what of them can be told. */
const DESIGNS = [
  [1, 1],
  [3, 3],
  [3, 4],
  [4, 4],
  [5, 5],
  [6, 6],
] as const;
const ROUNDS = [3, 6] as const;

function powerRows(): string[][] {
  return DESIGNS.map(([earlier, later]) => [
    `${earlier} and ${later}`,
    ...ROUNDS.map((rounds) => {
      const factor = smallestFactor({ earlier, later, rounds });
      return factor === null ? 'none' : `${digits(factor)} times`;
    }),
  ]);
}

function main(): void {
  const runs = parseCount('runs', process.argv[2] ?? String(DEFAULT_RUNS), 100, MOST_RUNS);
  let missed = 0;
  const rows = promises.map((promise) => {
    const shares = models.map((model) => {
      if (!isPromised(promise, model)) return '-';
      const count = kept(promise, model, runs);
      const isBelow = isMissed(count, runs, promise.promised);
      if (isBelow) missed++;
      return `${percent(count / runs)}${isBelow ? ' MISSED' : ''}`;
    });
    return [promise.name, promise.promised === null ? '-' : percent(promise.promised), ...shares];
  });
  print(plainTable(['kept in', 'promised', ...models.map(({ name }) => name)], rows));
  for (const { name, what } of models) print(`${name}: ${what}.`);
  print(
    `\nThe smallest change of one lock of ${CELLS} that ${percent(POWER)} of the comparisons call, where runs differ:`,
  );
  print(plainTable(['runs of each', ...ROUNDS.map((rounds) => `${rounds} rounds each`)], powerRows()));
  if (missed > 0) process.exitCode = BROKEN;
}

if (process.argv[1]?.endsWith('coverage.js')) await sayingUsage(main);
