/**
 * The result file: its schema, which is published as JSON Schema, and its types, which are read off the schema. All
 * that a table shows comes from here. docs/result-format.md says field by field what each means.
 */
import { z } from 'zod';

const count = z.int().nonnegative();
const ns = z.number().nonnegative();

const worker = z.strictObject({
  startNs: ns.describe('first turn begun, since the gate'),
  endNs: ns.describe('last turn done, since the gate'),
  turns: count,
  failedTries: count,
  userNs: ns,
  systemNs: ns,
  voluntarySwitches: count,
  involuntarySwitches: count,
  migrations: count.nullable().describe('null where the kernel does not tell'),
});

const contention = z.strictObject({
  ownerChanges: count,
  longestRun: count,
  jain: z.number(),
  shareBeforeFirstFinisher: z.number(),
});

const round = z.strictObject({
  kind: z.literal('timing'),
  block: count,
  order: count.describe('place within the block, from 0'),
  wallNs: ns.describe('from the gate to the last end'),
  turns: count.describe('of all workers together'),
  final: count.describe('number in the file at the end'),
  expected: count,
  lost: count,
  sequence: z.enum(['intact', 'lost-updates']),
  contention: contention.nullable().describe('null when the sequence is not intact'),
  workers: z.array(worker),
});

const estimate = z.strictObject({
  median: z.number(),
  low: z.number(),
  high: z.number(),
  coverage: z.number().describe('probability that the true median lies between low and high'),
  kind: z.enum(['interval', 'range']).describe('range: too few rounds for 95 %'),
});

const pause = z.strictObject({ kind: z.enum(['spin', 'sleep']), ns });

const conditions = z.strictObject({
  processes: count,
  increments: count.describe('per process and lap'),
  directory: z.strictObject({
    path: z.string(),
    filesystem: z.string(),
    options: z.array(z.string()),
  }),
  number: z.enum(['kept-open', 'reopened']),
  hold: pause.nullable(),
  think: pause.nullable(),
});

const verdict = z.strictObject({
  exclusion: z.enum(['held', 'violated', 'unchecked']),
  violations: count,
  handoffs: count,
  sequence: z.enum(['intact', 'lost-updates']),
  lost: count.describe('sum over the rounds'),
});

const figures = {
  rounds: z.array(round),
  nsPerIncrement: estimate,
  outliers: z.array(count).describe('indices of rounds outside of Tukey’s fences'),
  ratio: z
    .strictObject({ to: z.string(), ...estimate.shape })
    .nullable()
    .describe('paired within blocks; null without fcntl/block under the same conditions'),
  verdict,
  contention: z
    .strictObject({
      ownerChanges: count.describe('sum over the rounds'),
      longestRun: count.describe('greatest of the rounds'),
      jain: z.number().describe('median of the rounds'),
      shareBeforeFirstFinisher: z.number().describe('median of the rounds'),
    })
    .nullable(),
  failedTries: count.describe('sum over the rounds'),
  acquireNs: z
    .strictObject({ p50: ns, p90: ns, p99: ns, p999: ns, max: ns })
    .nullable()
    .describe('from trace rounds; null without'),
  cpu: z.strictObject({
    userNs: ns,
    systemNs: ns,
    voluntarySwitches: count,
    involuntarySwitches: count,
    migrations: count.nullable(),
  }),
};

const identity = { strategy: z.string(), wait: z.string(), conditions };
const reason = z.string().describe('what happened and what to do');

const cell = z.discriminatedUnion('state', [
  z.strictObject({ ...identity, state: z.literal('measured'), ...figures }),
  z.strictObject({ ...identity, state: z.literal('failed-verdict'), reason, ...figures }),
  z.strictObject({ ...identity, state: z.literal('unavailable'), reason }),
  z.strictObject({ ...identity, state: z.literal('timed-out'), reason }),
  z.strictObject({ ...identity, state: z.literal('errored'), reason }),
]);

const environment = z.strictObject({
  kernel: z.string(),
  architecture: z.string(),
  cpuModel: z.string(),
  cpus: count,
  memoryBytes: count,
  governor: z.string().nullable(),
  node: z.string(),
  v8: z.string(),
  packages: z.record(z.string(), z.string().nullable()),
  lockbench: z.string(),
  gitRevision: z.string().nullable(),
  uid: z.int(),
  workers: z.strictObject({ uid: z.int(), gid: z.int() }).nullable().describe('to whom the workers dropped'),
});

export const SCHEMA_VERSION = 1;

export const resultSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  command: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable().describe('null while the run goes on, and if it was killed'),
  interruptedBy: z.string().nullable().describe('the signal that ended the run early'),
  seed: count,
  blocks: count.describe('asked for'),
  atLeastNs: ns.describe('rounds repeat their laps until they have lasted so long'),
  budgetNs: ns.describe('rounds are stopped after so long, with the turns they have done'),
  measuredNs: ns.describe('sum of wallNs over all rounds'),
  emptyLoopNs: ns.nullable().describe('the loop by itself, per turn: no lock, no file'),
  environment,
  warnings: z.array(z.string()),
  cells: z.array(cell),
});

export type Result = z.infer<typeof resultSchema>;
export type Cell = Result['cells'][number];
export type MeasuredCell = Extract<Cell, { nsPerIncrement: unknown }>;
export type RoundRecord = MeasuredCell['rounds'][number];
export type Conditions = Cell['conditions'];

export const isMeasured = (cell: Cell): cell is MeasuredCell => 'nsPerIncrement' in cell;
export const cellName = ({ strategy, wait }: Pick<Cell, 'strategy' | 'wait'>): string =>
  `${strategy}/${wait}`;

/** The schema as JSON Schema 2020-12, as it is published. */
export function resultJsonSchema(): unknown {
  return z.toJSONSchema(resultSchema, { target: 'draft-2020-12' });
}
