/**
 * TypeScript against C: a worker's timed loop beside a C program that makes the same system calls. What TypeScript adds
 * to every figure of this benchmark is the difference.
 */
import { loadStrategy } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { bounds, digits, duration, plural } from '../../base/format.js';
import { look } from '../../measure/parent/preflight.js';
import { Round } from '../../measure/parent/round.js';
import { judgeSequence } from '../../measure/verdict/sequence.js';
import { defaultPolicy, type Policy } from '../../measure/worker/policy.js';
import { estimateMedian, median } from '../../statistics/median.js';
import { plainTable } from '../../text/table.js';
import { baseline, wellRun } from './harness-rounds.js';
import { onOneProcessorUntil } from './one-processor.js';
import { atMost, CannotMeasure, type Context, type Section } from './section.js';
import { TWINS, type Twin, withTwin } from './twin.js';

const ROUND_NS = 200e6;
const INCREMENTS = 1_000;

/** A call into the kernel costs TypeScript about the same whatever it does, so that cheap calls show it more. */
const GOALS: Readonly<Partial<Record<Strategy['family'], number>>> = {
  'kernel file lock': 1.3,
  'name in a directory': 1.2,
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

/** One worker, warm and asleep, on the processor on which the twin runs too. */
async function launch(strategy: Strategy, policy: Policy, context: Context): Promise<Round> {
  const round = await onOneProcessorUntil(() =>
    Round.launch({
      ...baseline(context, {
        conditions: { processes: 1, increments: INCREMENTS },
        limits: { atLeastNs: ROUND_NS },
      }),
      strategy,
      policy,
    }),
  );
  await round.settled();
  return round;
}

async function costInTypescript(round: Round): Promise<Cost> {
  const { wallNs, ledgers, final, workers } = await wellRun(round);
  const { turns, sequence } = judgeSequence(ledgers, final);
  if (sequence !== 'intact') throw new Error('one worker alone lost updates');
  const cpuNs = workers.reduce((sum, { userNs, systemNs }) => sum + userNs + systemNs, 0);
  return { wallNs: wallNs / turns, cpuNs: cpuNs / turns };
}

/** `count` pairs; the first of each pair is in turn the one and the other. */
async function measurePairs(
  strategy: Strategy,
  policy: Policy,
  name: (typeof TWINS)[number],
  twin: Twin,
  context: Context,
): Promise<Pair[]> {
  const turns = await twin.turnsLasting(name, ROUND_NS);
  const costInC = async (): Promise<Cost> => {
    const { wallNs, cpuNs } = await twin.run(name, turns);
    return { wallNs: wallNs / turns, cpuNs: cpuNs / turns };
  };
  const pairs: Pair[] = [];
  for (let i = 0; i < context.pairs; i++) {
    const round = await launch(strategy, policy, context);
    try {
      if (i % 2 === 0) {
        const typescript = await costInTypescript(round);
        pairs.push({ typescript, c: await costInC() });
      } else {
        const c = await costInC();
        pairs.push({ typescript: await costInTypescript(round), c });
      }
    } finally {
      await round.end();
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

export const againstC: Section = {
  name: 'c',
  title: 'TypeScript against C',
  measure: (context) =>
    withTwin(context, async (twin) => {
      const { findings } = await look(TWINS, [context.memory], context.identity);
      const rows: string[][] = [];
      for (const name of TWINS) {
        const finding = findings[name]?.[context.memory];
        if (finding?.available !== true) {
          context.lacks(name, `unavailable: ${finding?.reason ?? 'not tried'}`);
          continue;
        }
        const strategy = await loadStrategy(name);
        const policy = defaultPolicy(finding.members);
        try {
          rows.push(row(name, strategy.family, await measurePairs(strategy, policy, name, twin, context)));
        } catch (error) {
          if (context.signal.aborted || !(error instanceof CannotMeasure)) throw error;
          context.lacks(name, error.message);
        }
      }
      return (
        `${plainTable(HEAD, rows)}\n` +
        `Wall time per increment in ${context.memory}, medians of ${plural(context.pairs, 'round')} of 200 ms each; both make the ` +
        'same system calls, on the same processor, in turns.\n' +
        'Ratio: median of the ratios within pairs, with its bounds; of minima: of the fastest rounds; of CPU: as ratio, of ' +
        'processor time, which others who use the machine disturb less.\n'
      );
    }),
};
