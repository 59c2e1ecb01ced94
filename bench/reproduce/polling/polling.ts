/**
 * Claim: who polls for a lock burns the processor; who sleeps between the tries does not, and waits as long as it sleeps;
 * where the kernel makes the waiter wait there is neither problem.
 */

import { z } from 'zod';
import { digits, duration, factorWithBounds, withBounds } from '../../base/format.js';
import { testDirectoryHere } from '../../measure/parent/plan.js';
import { cellName, timingRounds } from '../../measure/result/result.js';
import type { MeasuredCell } from '../../measure/result/result-schema.js';
import { parsePolicy } from '../../measure/worker/policy.js';
import { estimateMedian } from '../../statistics/median.js';
import { type Comparison, compareByBlock, type SamplesByBlock } from '../../statistics/paired-ratio.js';
import type { Experiment, Roles } from '../experiment/experiment.js';
import { cellSchema, measureGrid } from '../experiment/experiment-cells.js';
import type { Verdict } from '../experiment/reproduction-schema.js';
import { pollingPlot } from './polling-plot.js';

const PROCESSES = 2;
const INCREMENTS = 40;
/** Asleep, so that whatever the processors do, the waiting does. Longer than the think time: somebody nearly always waits. */
const HOLD = { kind: 'sleep', ns: 2e6 } as const;
const THINK = { kind: 'sleep', ns: 1e6 } as const;
/** Enough for the policy that sleeps a second. */
const BUDGET_NS = 5e9;
/** Of the rounds; the longest of them are those of the policy that sleeps, and the claim does not depend on a few percent. */
const MOST_ROUNDS = 2;
/** Spinning must burn more than this many times as much. */
const BURNS = 3;

const parts = z.enum(['blocking', 'spinning', 'yielding', 'sleeping', 'napping', 'backingOff']);
type Part = z.infer<typeof parts>;
const evidence = z.record(parts, cellSchema);
type Evidence = z.infer<typeof evidence>;

/** Processor time of all workers for each acquisition, ns, by block. */
const burnt = (cell: MeasuredCell): SamplesByBlock =>
  new Map(
    timingRounds(cell).map(({ block, turns, workers }) => [
      block,
      workers.reduce((sum, { userNs, systemNs }) => sum + userNs + systemNs, 0) / turns,
    ]),
  );

/** The longest that anybody waited while it was traced. */
const longestWait = ({ acquireNs }: MeasuredCell): number => acquireNs?.max ?? 0;

const times = ({ ratio }: Comparison): string => `${factorWithBounds(ratio)} times`;

function judge({ blocking, spinning, sleeping }: Evidence): Verdict {
  const toBlocking = compareByBlock(burnt(spinning), burnt(blocking));
  const toSleeping = compareByBlock(burnt(spinning), burnt(sleeping));
  if (toBlocking === null || toSleeping === null) {
    return { answer: 'undecided', here: '-', why: 'No block measured all three.' };
  }
  const here =
    `${cellName(spinning)} uses ${times(toBlocking)} the processor time of ${cellName(blocking)} ` +
    `and ${times(toSleeping)} that of ${cellName(sleeping)}, whose longest wait was ` +
    `${duration(longestWait(sleeping))}, against ${duration(longestWait(blocking))}`;
  const low = [toBlocking, toSleeping].filter(({ ratio }) => !(ratio.low > BURNS));
  if (low.length > 0) {
    return {
      answer: 'does not hold',
      here,
      why: `${cellName(spinning)} should use more than ${BURNS} times the processor time of each of the others.`,
    };
  }
  const policy = parsePolicy(sleeping.wait);
  if (policy.kind !== 'sleep' || longestWait(sleeping) < policy.ns) {
    return {
      answer: 'does not hold',
      here,
      why: `${cellName(sleeping)} should sleep between tries, and its longest wait should be at least that long.`,
    };
  }
  return {
    answer: 'holds',
    here,
    why:
      'A waiter that spins runs for as long as the lock is held. One that sleeps notices a free lock only when it wakes. ' +
      'The kernel wakes its waiter at the unlock.',
  };
}

/** What each of the waiting costs. */
function costRow(cell: MeasuredCell, blocking: MeasuredCell): string[] {
  const cpu = estimateMedian([...burnt(cell).values()]);
  const ratio = compareByBlock(burnt(cell), burnt(blocking))?.ratio;
  const turns = timingRounds(cell).reduce((sum, round) => sum + round.turns, 0);
  return [
    cellName(cell),
    withBounds(cpu),
    ratio === undefined ? '-' : factorWithBounds(ratio),
    digits(cell.failedTries / turns),
    withBounds(cell.nsPerIncrement),
  ];
}

function waitRow({ acquireNs, contention, ...cell }: MeasuredCell): string[] {
  const waits = acquireNs === null ? [] : [acquireNs.p50, acquireNs.p90, acquireNs.p99, acquireNs.max];
  return [cellName(cell), ...waits.map(duration), contention === null ? '-' : digits(contention.jain)];
}

export const experiment: Experiment<Part, Evidence> = {
  name: 'polling',
  title: 'polling, and the alternatives',
  claim:
    'Polling wastes processor time; sleeping between tries costs waiting time instead; F_SETLKW has neither problem.',
  source: 'textbook, 9.8, second drawback',
  book: 'no figure; suggests sleeping for 1 s between tries',
  method:
    'Two processes hold a lock for 2 ms and think for 1 ms, asleep both times, so only waiting takes processor time. ' +
    'The waiter blocks, spins, yields, sleeps or backs off. Latencies are those of one traced round.',
  roles: {
    blocking: 'fcntl/block',
    spinning: 'excl/spin',
    yielding: 'excl/yield',
    sleeping: 'excl/sleep:1s',
    napping: 'excl/sleep:1ms',
    backingOff: 'excl/backoff',
  },
  evidence,

  async measure(setting, roles: Roles<Part>) {
    const cells = await measureGrid(setting, {
      ways: parts.options.map((part) => roles[part]),
      testDirectories: [testDirectoryHere(setting.memory)],
      processes: [PROCESSES],
      conditions: { increments: INCREMENTS, hold: HOLD, think: THINK },
      sampling: { blocks: Math.min(setting.rounds, MOST_ROUNDS), trace: true },
      limits: { budgetNs: BUDGET_NS },
    });
    return evidence.parse(Object.fromEntries(parts.options.map((part, i) => [part, cells[i]])));
  },

  judge,

  tables: (cells) => [
    {
      title: 'For each acquisition',
      head: ['waiting', 'processor time', 'x blocking', 'failed tries', 'wall time'],
      rows: parts.options.map((part) => costRow(cells[part], cells.blocking)),
    },
    {
      title: `From asking for the lock to having it, over ${PROCESSES * INCREMENTS} acquisitions, and Jain’s index`,
      head: ['waiting', 'p50', 'p90', 'p99', 'longest', 'fairness'],
      rows: parts.options.map((part) => waitRow(cells[part])),
    },
  ],

  async drawing(cells) {
    return pollingPlot(
      parts.options.flatMap((part) => {
        const cell = cells[part];
        if (cell.acquireNs === null) return [];
        const { p50, p99 } = cell.acquireNs;
        const cpuNs = estimateMedian([...burnt(cell).values()]).median;
        return [{ name: cellName(cell), p50Ns: p50, p99Ns: p99, cpuNs }];
      }),
    );
  },
};
