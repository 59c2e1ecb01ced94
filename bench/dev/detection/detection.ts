/**
 * `npm run bench:detection [-- ROUNDS [node|c]]`: how surely does a prove round catch a lock that fails now and then? A lock
 * with a dial is proven many times at each setting; the share of rounds that caught it is printed with its 95% interval
 * (Wilson's), and the mean number of violations in a round, which tells more where all were caught. The lock that never
 * leaks must never be caught. In Node a round is as long as `run` proves by default; in C it
 * lasts 20 s, in which a lock that fails once in 100,000 acquisitions shall be caught.
 */
import { join } from 'node:path';
import { loadStrategy } from '../../../strategies/index.js';
import { digits, percent } from '../../base/format.js';
import { UsageError } from '../../base/usage-error.js';
import { interruptibly } from '../../command-line/interruption.js';
import { list, parseCount } from '../../command-line/parse.js';
import { projectRoot } from '../../machine/project.js';
import { unprivilegedIdentity } from '../../machine/unprivileged.js';
import { programFor } from '../../measure/parent/c-worker.js';
import type { ForeignWorker } from '../../measure/parent/foreign-worker.js';
import { memoryDirectory } from '../../measure/parent/preflight.js';
import { Round } from '../../measure/parent/round.js';
import { record } from '../../measure/parent/round-record.js';
import { median } from '../../statistics/median.js';
import { wilson } from '../../statistics/wilson.js';
import { print } from '../../text/standard-streams.js';
import { plainTable } from '../../text/table.js';
import { baseline, wellRun } from '../harness/harness-rounds.js';
import { sayingUsage } from '../usage-errors.js';

/** What is proven: how often the lock fails, by how many processes, and for how long. */
interface Series {
  readonly dials: readonly number[];
  readonly processes: readonly number[];
  readonly handoffs: number;
  readonly budgetNs: number;
  /** The program that contends, if it is none of Node's. */
  worker(oneIn: number): ForeignWorker | null;
}

const SERIES: Readonly<Record<string, Series>> = {
  node: {
    ...{ dials: [0, 100, 1_000, 10_000], processes: [2, 4], handoffs: 2_000, budgetNs: 2e9 },
    worker: () => null,
  },
  c: { dials: [0, 100_000], processes: [2], handoffs: 1e9, budgetNs: 20e9, worker: workerInC },
};

const DEFAULT_ROUNDS = 100;
const MOST_ROUNDS = 10_000;

function workerInC(oneIn: number): ForeignWorker {
  const source = join(projectRoot, 'bench', 'dev', 'detection', 'leaky.c');
  const program = programFor({ name: 'leaky', source, defines: [`ONE_IN=${oneIn}`] });
  if (typeof program !== 'string') throw new UsageError(program.reason);
  return { runtime: 'c', words: [program], rogue: [program], warmsUp: false, cwd: '/' };
}

async function prove(
  { handoffs, budgetNs, worker }: Series,
  oneIn: number,
  processes: number,
): Promise<{ violations: number; turns: number }> {
  const name = `${new URL('leaky.js', import.meta.url).href}?oneIn=${oneIn}`;
  const foreign = worker(oneIn);
  const round = await Round.launch({
    ...baseline(
      { memory: memoryDirectory(), identity: unprivilegedIdentity() },
      { conditions: { processes }, limits: { budgetNs } },
    ),
    kind: 'prove',
    strategy: await loadStrategy(name),
    policy: { kind: 'spin' },
    enoughHandoffs: handoffs,
    ...(foreign && { foreign }),
  });
  const kept = record('prove', await wellRun(round), 0, 0);
  return { violations: kept.kind === 'prove' ? kept.exclusion.violations : 0, turns: kept.turns };
}

/** A row for each dial and number of processes. */
async function measure(runtime: string, series: Series, rounds: number): Promise<string[][]> {
  const rows: string[][] = [];
  for (const oneIn of series.dials) {
    for (const processes of series.processes) {
      const found: { violations: number; turns: number }[] = [];
      for (let round = 0; round < rounds; round++) found.push(await prove(series, oneIn, processes));
      const caught = found.filter(({ violations }) => violations > 0).length;
      const [low, high] = wilson(caught, rounds);
      rows.push([
        runtime,
        oneIn === 0 ? 'never' : `once in ${oneIn}`,
        String(processes),
        digits(median(found.map(({ turns }) => turns))),
        `${caught} of ${rounds}`,
        `${percent(low)} to ${percent(high)}`,
        digits(found.reduce((sum, { violations }) => sum + violations, 0) / rounds),
      ]);
    }
  }
  return rows;
}

async function main(): Promise<void> {
  const [, , times = String(DEFAULT_ROUNDS), only = 'node,c'] = process.argv;
  const rounds = parseCount('rounds', times, 1, MOST_ROUNDS);
  const rows: string[][] = [];
  for (const runtime of list(only)) {
    const series = SERIES[runtime];
    if (series === undefined)
      throw new UsageError(`node, c or both were expected, got "${runtime}"`, 'for example 100 c');
    rows.push(...(await measure(runtime, series, rounds)));
  }
  print(plainTable(['runtime', 'fails', 'processes', 'turns', 'caught', '95% interval', 'violations'], rows));
}

await sayingUsage(() => interruptibly(main));
