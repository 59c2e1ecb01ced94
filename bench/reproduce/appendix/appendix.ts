/**
 * Claim: where nobody contends, no lock is cheaper than a mutex, and fcntl is by far the most expensive. The book's table for
 * one thread, and ours beside it.
 */

import { z } from 'zod';
import { digits, duration, factorWithBounds, withBounds } from '../../base/format.js';
import { look } from '../../measure/parent/preflight.js';
import { defaultPolicy } from '../../measure/worker/policy.js';
import { parseStrategySpec } from '../../measure/worker/strategy-spec.js';
import { measurePair } from '../../pairs/pair-price.js';
import { estimateMedian, type MedianEstimate } from '../../statistics/median.js';
import { compareByBlock, type SamplesByBlock } from '../../statistics/paired-ratio.js';
import { shuffled, xorshift32 } from '../../statistics/xorshift32.js';
import type { Experiment, Setting } from '../experiment/experiment.js';
import type { Verdict } from '../experiment/reproduction-schema.js';

const SAMPLES = 300;
/** A lock clearly costs more than another if it costs more than this many times as much, */
const CLEARLY = 2;
/** and by far if this many times. Both include the calls from JavaScript, which make distances less. */
const BY_FAR = 5;
const EMPTY_CALL = new URL('./empty-call.js', import.meta.url).href;

const parts = z.enum(['mutex', 'readWriteLock', 'namedSemaphore', 'sysvSemaphore', 'sysvUndo', 'record']);
type Part = z.infer<typeof parts>;

/** Seconds for 1 000 000 turns of one thread under Solaris 2.6. Source: data shipped with the book's programs. */
const BOOK: readonly { readonly lock: string; readonly seconds: number; readonly part: Part | null }[] = [
  { lock: 'mutex', seconds: 0.7, part: 'mutex' },
  { lock: 'read-write lock', seconds: 2.0, part: 'readWriteLock' },
  { lock: 'memory semaphore', seconds: 4.5, part: null },
  { lock: 'named semaphore', seconds: 15.4, part: 'namedSemaphore' },
  { lock: 'System V semaphore', seconds: 16.3, part: 'sysvSemaphore' },
  { lock: 'System V semaphore with undo', seconds: 21.1, part: 'sysvUndo' },
  { lock: 'fcntl', seconds: 89.4, part: 'record' },
];
const bookMultiple = (seconds: number): string => digits(seconds / (BOOK[0]?.seconds ?? 1));

const samples = z.array(z.strictObject({ block: z.int(), ns: z.number() }));
const evidence = z.strictObject({
  locks: z
    .record(parts, z.strictObject({ strategy: z.string(), samples }))
    .describe('ns for lock, increment, unlock, by block'),
  emptyCalls: samples.describe('ns for two calls of a C function that does nothing'),
});
type Evidence = z.infer<typeof evidence>;
type Samples = z.infer<typeof samples>;

const byBlock = (from: Samples): SamplesByBlock => new Map(from.map(({ block, ns }) => [block, ns]));
const estimate = (from: Samples): MedianEstimate => estimateMedian(from.map(({ ns }) => ns));
const ratio = (of: Samples, to: Samples): MedianEstimate | null =>
  compareByBlock(byBlock(of), byBlock(to))?.ratio ?? null;

const span = (of: MedianEstimate | null): string => (of === null ? '-' : factorWithBounds(of));

/** Whether the one costs less than `times` as much as the other, as far as the rounds tell. */
const isBelow = (one: Samples, other: Samples, times: number): boolean =>
  (ratio(one, other)?.high ?? Number.POSITIVE_INFINITY) < times;

/** What the lock itself costs, without the calls; null if a block found nothing left. */
function beyondCalls(from: Samples, { emptyCalls }: Evidence): Samples | null {
  const calls = byBlock(emptyCalls);
  const rest = from.map(({ block, ns }) => ({ block, ns: ns - (calls.get(block) ?? 0) }));
  return rest.every(({ ns }) => ns > 0) ? rest : null;
}

function ratioBeyondCalls(of: Samples, to: Samples, found: Evidence): MedianEstimate | null {
  const [mine, other] = [beyondCalls(of, found), beyondCalls(to, found)];
  return mine === null || other === null ? null : ratio(mine, other);
}

function judge(found: Evidence): Verdict {
  const { mutex, record, ...between } = found.locks;
  const toMutex = ratio(record.samples, mutex.samples);
  const own = ratioBeyondCalls(record.samples, mutex.samples, found);
  const here = `${record.strategy} ${span(toMutex)} times ${mutex.strategy}; ${own === null ? 'without the calls from JavaScript, too little of the mutex is left to compare' : `${span(own)} times without the calls from JavaScript`}`;
  const others = Object.values(between);
  const cheaper = others.filter(({ samples: one }) => isBelow(one, mutex.samples, 1 / CLEARLY));
  const costlier = others.filter(({ samples: one }) => isBelow(record.samples, one, 1 / CLEARLY));
  const problems = [
    ...cheaper.map(({ strategy }) => `${strategy} costs less than half of ${mutex.strategy}`),
    ...costlier.map(({ strategy }) => `${strategy} costs more than twice as much as ${record.strategy}`),
    ...(isBelow(mutex.samples, record.samples, 1 / BY_FAR)
      ? []
      : [`${record.strategy} does not cost ${BY_FAR} times as much as ${mutex.strategy}`]),
  ];
  if (problems.length > 0) return { answer: 'does not hold', here, why: `${problems.join('; ')}.` };
  const [calls, whole] = [estimate(found.emptyCalls), estimate(mutex.samples)];
  const close = others.filter(({ samples: one }) => isBelow(one, mutex.samples, CLEARLY));
  return {
    answer: 'holds',
    here,
    why:
      `As in the book, ${mutex.strategy} and ${record.strategy} are the extremes, but the distances differ. ` +
      `Two calls from JavaScript take ${duration(calls.median)} of ${mutex.strategy}’s ${duration(whole.median)}, ` +
      'and the C library makes no system call if nobody waits' +
      `${close.length === 0 ? '' : ` (likewise for ${close.map(({ strategy }) => strategy).join(' and ')})`}.`,
  };
}

/** The price of a pair of each, once. */
async function measureBlock(
  setting: Setting,
  pairs: readonly { key: string; strategy: string; policy: ReturnType<typeof defaultPolicy> }[],
  progress: (what: string) => void,
): Promise<Map<string, number>> {
  const costs = new Map<string, number>();
  for (const { key, strategy, policy } of pairs) {
    if (setting.ending.signal.aborted) throw new Error('it was ended');
    progress(key);
    const job = {
      strategy,
      policy,
      identity: setting.identity,
      samples: SAMPLES,
      inside: 'increment',
    } as const;
    costs.set(key, (await measurePair(job, setting.memory)).medianNs);
  }
  return costs;
}

export const experiment: Experiment<Part, Evidence> = {
  name: 'appendix',
  title: 'locks without contention, in one thread',
  claim: 'Without contention, no lock costs less than a mutex, and fcntl costs by far the most.',
  source: 'textbook, measurements shipped with its programs',
  book: `fcntl ${bookMultiple(89.4)} times a mutex`,
  method:
    'A fresh process for each lock and round locks, adds one to a number in memory and unlocks, over and over. ' +
    'Its figure is the median of groups of 100 turns.',
  roles: {
    mutex: 'robust-mutex',
    readWriteLock: 'rwlock',
    namedSemaphore: 'posix-sem',
    sysvSemaphore: 'sysv-sem',
    sysvUndo: 'sysv-sem-undo',
    record: 'fcntl',
  },
  evidence,

  async measure(setting, roles) {
    const asked = [
      ...parts.options.map((part) => ({ key: part as string, ...parseStrategySpec(roles[part]) })),
      { key: 'two calls that do nothing', ...parseStrategySpec(EMPTY_CALL) },
    ];
    const names = [...new Set(asked.map(({ strategy }) => strategy))];
    const { findings } = await look(names, [setting.memory], setting.identity);
    const pairs = asked.map(({ key, strategy, policy }) => {
      const finding = findings[strategy]?.[setting.memory];
      if (finding?.available !== true)
        throw new Error(`${strategy}: ${finding?.reason ?? 'it was not tried'}`);
      return { key, strategy, policy: policy ?? defaultPolicy(finding.members) };
    });
    const random = xorshift32(setting.seed);
    const blocks: Map<string, number>[] = [];
    for (let block = 0; block < setting.rounds; block++) {
      let done = block * pairs.length;
      const progress = (what: string) => setting.progress(what, done++, setting.rounds * pairs.length);
      blocks.push(await measureBlock(setting, shuffled(pairs, random), progress));
    }
    const samplesOf = (wanted: string): Samples =>
      blocks.map((costs, block) => ({ block, ns: costs.get(wanted) ?? Number.NaN }));
    const locks = parts.options.map((part) => [part, { strategy: roles[part], samples: samplesOf(part) }]);
    return evidence.parse({
      locks: Object.fromEntries(locks),
      emptyCalls: samplesOf('two calls that do nothing'),
    });
  },

  judge,

  tables: (found) => [
    {
      title:
        'Lock, increment, unlock by one thread: the book’s seconds for 1,000,000 turns under Solaris 2.6, our time for one',
      head: ['lock', 'book', 'x mutex', 'here by', 'here', 'x mutex', 'x mutex without the calls'],
      rows: [
        ...BOOK.map(({ lock, seconds, part }) => {
          const book = [lock, `${digits(seconds)} s`, bookMultiple(seconds)];
          if (part === null) return [...book, 'no strategy of ours', '-', '-', '-'];
          const { strategy, samples: own } = found.locks[part];
          const { mutex } = found.locks;
          return [
            ...book,
            strategy,
            withBounds(estimate(own)),
            span(ratio(own, mutex.samples)),
            span(ratioBeyondCalls(own, mutex.samples, found)),
          ];
        }),
        ['two empty calls', '-', '-', 'abs(3)', withBounds(estimate(found.emptyCalls)), '-', '-'],
      ],
    },
  ],
};
