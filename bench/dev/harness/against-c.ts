/**
 * TypeScript against C: a worker's timed loop beside that of a worker in C, which makes the same system calls. What
 * TypeScript adds to every figure of this benchmark is the difference.
 */
import { existsSync } from 'node:fs';
import { strategyNames } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { bounds, digits, duration, plural } from '../../base/format.js';
import { sourceInC } from '../../measure/parent/c-worker.js';
import type { ForeignWorker } from '../../measure/parent/foreign-worker.js';
import { lookEverywhere } from '../../measure/parent/look-everywhere.js';
import { Round } from '../../measure/parent/round.js';
import { workerOf } from '../../measure/parent/worker-of.js';
import { judgeSequence } from '../../measure/verdict/sequence.js';
import { defaultPolicy, type Policy } from '../../measure/worker/policy.js';
import { contenderName } from '../../measure/worker/strategy-spec.js';
import { estimateMedian, median } from '../../statistics/median.js';
import { plainTable } from '../../text/table.js';
import { baseline, wellRun } from './harness-rounds.js';
import { onOneProcessorUntil } from './one-processor.js';
import { atMost, CannotMeasure, type Context, type Section } from './section.js';

const ROUND_NS = 200e6;
const INCREMENTS = 1_000;

/** A call costs TypeScript about the same whatever it does, so that it shows most where only two of a turn's enter the kernel. */
const GOALS: Readonly<Partial<Record<Strategy['family'], number>>> = {
  'kernel file lock': 1.15,
  'name in a directory': 1.15,
  'shared memory': 1.3,
  semaphore: 1.3,
  socket: 1.3,
};

/** ns per increment: by the clock, and of processor time. */
interface Cost {
  readonly wallNs: number;
  readonly cpuNs: number;
}

/** Measured one right after the other. */
interface Pair {
  readonly typescript: Cost;
  readonly c: Cost;
}

/** One worker, warm and asleep, on the processor on which the other one runs too. */
export async function launch(
  { strategy, policy }: Contender,
  context: Context,
  foreign?: ForeignWorker,
  atLeastNs = ROUND_NS,
): Promise<Round> {
  const round = await onOneProcessorUntil(() =>
    Round.launch({
      ...baseline(context, {
        conditions: { processes: 1, increments: INCREMENTS },
        limits: { atLeastNs },
      }),
      strategy,
      policy,
      ...(foreign && { foreign }),
    }),
  );
  await round.settled();
  return round;
}

export async function costOf(round: Round): Promise<Cost> {
  const { wallNs, ledgers, final, workers } = await wellRun(round);
  const { turns, sequence } = judgeSequence(ledgers, final);
  if (sequence !== 'intact') throw new Error('one worker alone lost updates');
  const cpuNs = workers.reduce((sum, { userNs, systemNs }) => sum + userNs + systemNs, 0);
  return { wallNs: wallNs / turns, cpuNs: cpuNs / turns };
}

/** A lock, and its worker in C. */
export interface Contender {
  readonly strategy: Strategy;
  readonly policy: Policy;
  readonly inC: ForeignWorker;
}

/** `count` pairs; the first of each pair is in turn the one and the other. */
async function measurePairs(contender: Contender, context: Context): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let i = 0; i < context.pairs; i++) {
    const rounds: Round[] = [];
    try {
      for (const foreign of [undefined, contender.inC])
        rounds.push(await launch(contender, context, foreign));
      const [typescript, c] = rounds as [Round, Round];
      if (i % 2 === 0) {
        const first = await costOf(typescript);
        pairs.push({ typescript: first, c: await costOf(c) });
      } else {
        const first = await costOf(c);
        pairs.push({ typescript: await costOf(typescript), c: first });
      }
    } finally {
      for (const round of rounds) await round.end();
    }
  }
  return pairs;
}

function row(name: string, family: Strategy['family'], pairs: readonly Pair[]): string[] {
  const typescript = pairs.map((pair) => pair.typescript.wallNs);
  const c = pairs.map((pair) => pair.c.wallNs);
  const ratio = estimateMedian(pairs.map((pair) => pair.typescript.wallNs / pair.c.wallNs));
  const ratioOfCpu = median(pairs.map((pair) => pair.typescript.cpuNs / pair.c.cpuNs));
  const goal = GOALS[family];
  return [
    name,
    duration(median(typescript)),
    duration(median(c)),
    digits(ratio.median),
    bounds(ratio.low, ratio.high, ratio.median),
    digits(Math.min(...typescript) / Math.min(...c)),
    digits(ratioOfCpu),
    goal === undefined ? '-' : atMost(goal, ratio.median, goal.toFixed(2)),
  ];
}

const HEAD = ['one process', 'TypeScript', 'C', 'ratio', 'low–high', 'of minima', 'of CPU', 'goal'];

/** The strategies that are written in both, and work here; of `wanted` alone. Throws CannotMeasure without a compiler. */
export async function contenders(
  context: Context,
  wanted: readonly string[] = strategyNames,
): Promise<Contender[]> {
  const compiled = workerOf('none', 'c');
  if (compiled === null || 'reason' in compiled) throw new CannotMeasure(compiled?.reason ?? 'no worker');
  const names = wanted.filter((name) => existsSync(sourceInC(name)) && name !== 'broken');
  const specs = names.flatMap((strategy) =>
    (['node', 'c'] as const).map((runtime) => ({ strategy, runtime, policy: null, named: true })),
  );
  const {
    strategies,
    findings,
    foreign = {},
  } = await lookEverywhere(specs, [context.memory], context.identity);
  return names.flatMap((name) => {
    const inC = contenderName({ strategy: name, runtime: 'c' });
    for (const one of [name, inC]) {
      const finding = findings[one]?.[context.memory];
      if (finding?.available === true) continue;
      context.lacks(one, `unavailable: ${finding?.reason ?? 'not tried'}`);
      return [];
    }
    const [strategy, worker, finding] = [strategies[name], foreign[inC], findings[name]?.[context.memory]];
    if (strategy === undefined || worker === undefined || finding?.available !== true) return [];
    return [{ strategy, inC: worker, policy: defaultPolicy(finding.members) }];
  });
}

export const againstC: Section = {
  name: 'c',
  title: 'TypeScript against C',
  async measure(context) {
    const rows: string[][] = [];
    for (const contender of await contenders(context)) {
      const { name, family } = contender.strategy;
      rows.push(row(name, family, await measurePairs(contender, context)));
    }
    return (
      `${plainTable(HEAD, rows)}\n` +
      `Wall time per increment in ${context.memory}, medians of ${plural(context.pairs, 'round')} of 200 ms each; both make the ` +
      'same system calls, on the same processor, in turns.\n' +
      'Ratio: median of the ratios within pairs, with its bounds; of minima: of the fastest rounds; of CPU: as ratio, of ' +
      'processor time, which others who use the machine disturb less.\n'
    );
  },
};
