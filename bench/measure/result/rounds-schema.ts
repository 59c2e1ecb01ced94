/**
 * The rounds of a result file: three kinds, since what observes does not time.
 */
import { z } from 'zod';

export const count = z.int().nonnegative();
export const ns = z.number().nonnegative();

/** Percentiles by nearest rank. */
export const latency = z.strictObject({ samples: count, p50: ns, p90: ns, p99: ns, p999: ns, max: ns });

/** Of the processor, in programs and in the kernel. */
export const counts = z.strictObject({ instructions: count, cycles: count, cacheMisses: count });

const worker = z.strictObject({
  role: z.enum(['locker', 'reader', 'rogue']),
  startNs: ns.describe('first turn begun, since the gate'),
  endNs: ns.describe('last turn done, since the gate'),
  turns: count,
  changedReads: count.describe('of a reader: turns in which the number changed under it'),
  failedTries: count,
  userNs: ns,
  systemNs: ns,
  voluntarySwitches: count,
  involuntarySwitches: count,
  migrations: count.nullable().describe('null where the kernel does not tell'),
  counts: counts.optional(),
});

const contention = z.strictObject({
  ownerChanges: count,
  longestRun: count,
  jain: z.number(),
  shareBeforeFirstFinisher: z.number(),
});

const exclusion = z.strictObject({
  violations: count.describe('entries that found somebody inside'),
  handoffs: count.describe('entries of another process than the one before, readers being one'),
  first: z
    .strictObject({
      worker: count.describe('index of the one that came in'),
      beside: count.nullable().describe('index of the one that was inside; null for some reader'),
      atNs: ns.describe('since the gate'),
      turn: count.describe('of that worker, from 0'),
    })
    .nullable(),
});

/** Columns of one table: JSON names each once. */
const tenures = z.strictObject({
  worker: z.array(count),
  turns: z.array(count).describe('acquisitions in a row; another process got the lock only after them'),
  askedNs: z.array(z.number()).describe('asked for the first of them, since the gate'),
  fromNs: z.array(z.number()).describe('got the first'),
  toNs: z.array(z.number()).describe('gave back the last'),
});

const common = {
  block: count,
  order: count.describe('place within the block and kind, from 0'),
  wallNs: ns.describe('from the gate to the last end'),
  turns: count.describe('of all workers together'),
  final: count.describe('number in the file at the end'),
  expected: count,
  lost: count,
  changedReads: count.describe('sum over the readers'),
  sequence: z.enum(['intact', 'lost-updates']),
  rpcs: z
    .record(z.string(), count)
    .optional()
    .describe(
      'requests to the NFS server by operation, without NLM; left out where the directory is on no NFS',
    ),
  workers: z.array(worker),
};

export const roundSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('timing'),
    ...common,
    contention: contention.nullable().describe('null when the sequence is not intact'),
  }),
  z.strictObject({ kind: z.literal('prove'), ...common, exclusion }),
  z.strictObject({
    kind: z.literal('trace'),
    ...common,
    exclusion,
    acquireNs: latency.nullable(),
    handoffNs: latency.nullable(),
    tenures: tenures
      .optional()
      .describe(
        'who had the lock when: the first 64 tenures once all had asked; left out where one process had it alone',
      ),
  }),
]);

export type RoundRecord = z.infer<typeof roundSchema>;
export type Tenures = z.infer<typeof tenures>;
export type TimingRound = Extract<RoundRecord, { kind: 'timing' }>;
