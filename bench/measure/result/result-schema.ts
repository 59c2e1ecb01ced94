/**
 * The schema of the result file, which is published as JSON Schema. docs/result-format.md says field by field what each
 * means.
 */

import { z } from 'zod';
import { count, counts, latency, ns, roundSchema } from './rounds-schema.js';
import { SCHEMA_VERSION } from './schema-version.js';

/** A median and what it lies between, in the unit of the field's name. */
export const estimate = z.strictObject({
  median: z.number(),
  low: z.number(),
  high: z.number(),
  coverage: z.number().describe('probability that the true median lies between low and high'),
  kind: z.enum(['interval', 'range']).describe('range: too few rounds for 95%'),
});

const pause = z.strictObject({ kind: z.enum(['spin', 'sleep']), ns });

/** Set where workers run on hosts of a lab, which mount one export of one server. */
const nfs = z.strictObject({
  version: z.enum(['v3', 'v4.2']),
  clients: count.describe('hosts that the processes are spread over'),
  roundTripNs: ns.describe('what the network adds to each request and its answer'),
  export: z.string().describe('file system behind the export'),
  machine: z
    .enum(['kvm', 'tcg', 'host'])
    .describe('on which the lab is: a virtual one, emulated, or this kernel'),
});

/** What a turn is made of. */
export const turnConditions = {
  number: z.enum(['kept-open', 'reopened']),
  hold: pause.nullable(),
  think: pause.nullable(),
};

const conditions = z.strictObject({
  processes: count.describe('all of them, readers and rogues included'),
  readers: count.describe('processes that take the shared lock and only read the number'),
  rogues: count.describe('processes that take numbers without the lock'),
  pin: z.enum(['compact', 'spread']).nullable().describe('how workers were kept on processors; null: not'),
  increments: count.describe('per process and lap'),
  directory: z.strictObject({
    path: z.string(),
    filesystem: z.string(),
    options: z.array(z.string()),
  }),
  ...turnConditions,
  freshInodes: z
    .literal(true)
    .optional()
    .describe('each round had inodes from another part of the disk; left out for those that come next'),
  nfs: nfs.optional().describe('hosts of a lab; left out for processes of this host'),
});

const verdict = z.strictObject({
  exclusion: z.enum(['held', 'violated', 'unchecked']),
  violations: count.describe('entries that found somebody inside, in prove and trace rounds'),
  handoffs: count.describe('changes of owner in the prove round'),
  sequence: z.enum(['intact', 'lost-updates']).describe('lost-updates if any round of any kind lost one'),
  lost: count.describe('sum over the rounds of all kinds'),
  changedReads: count.describe('turns of readers in which the number changed under them, over all rounds'),
});

const figures = {
  rounds: z.array(roundSchema),
  nsPerIncrement: estimate,
  outliers: z.array(count).describe('blocks whose timing round lies outside of Tukey’s fences'),
  ratio: z
    .strictObject({ to: z.string(), ...estimate.shape })
    .nullable()
    .describe('paired within blocks; null without fcntl/block under the same conditions'),
  verdict,
  overC: z
    .strictObject(estimate.shape)
    .optional()
    .describe('to the same cell in C, paired within blocks; left out in C, and where C was not measured'),
  contention: z
    .strictObject({
      ownerChanges: count.describe('sum over the rounds'),
      longestRun: count.describe('greatest of the rounds'),
      jain: z.number().describe('median of the rounds'),
      shareBeforeFirstFinisher: z.number().describe('median of the rounds'),
    })
    .nullable(),
  failedTries: count.describe('sum over the rounds'),
  acquireNs: latency.nullable().describe('from asking to having the lock; null without a trace round'),
  handoffNs: latency
    .nullable()
    .describe('from a release to the acquisition of another that waited; null if nobody ever did'),
  cpu: z.strictObject({
    userNs: ns,
    systemNs: ns,
    voluntarySwitches: count,
    involuntarySwitches: count,
    migrations: count.nullable(),
    counts: counts
      .optional()
      .describe('sum over the workers; left out where the processor shows no counters'),
  }),
  rpcsPerIncrement: z
    .record(z.string(), z.number())
    .optional()
    .describe(
      'requests to the NFS server by operation, without NLM, in the timing rounds; left out where it is no NFS',
    ),
};

const identity = {
  strategy: z.string(),
  wait: z.string(),
  runtime: z
    .string()
    .optional()
    .describe(
      'what the workers are written in: "c", "python", or "worker" for a user’s own; left out for Node',
    ),
  conditions,
};
const reason = z.string().describe('what happened and what to do');

const finished = z
  .array(roundSchema)
  .optional()
  .describe('those that came to their end before; left out if there are none');

const cell = z.discriminatedUnion('state', [
  z.strictObject({ ...identity, state: z.literal('measured'), ...figures }),
  z.strictObject({ ...identity, state: z.literal('failed-verdict'), reason, ...figures }),
  z.strictObject({ ...identity, state: z.literal('unavailable'), reason }),
  z.strictObject({ ...identity, state: z.literal('timed-out'), reason, rounds: finished }),
  z.strictObject({ ...identity, state: z.literal('errored'), reason, rounds: finished }),
  z.strictObject({ ...identity, state: z.literal('interrupted'), reason, rounds: finished }),
]);

const machine = z.strictObject({
  virtualMachine: z.string().nullable().describe('who runs it, as it calls itself; null if it is none'),
  hardwareThreads: z.boolean().nullable().describe('whether cores run two threads or more'),
  mitigations: z
    .record(z.string(), z.string())
    .describe('what the kernel does about faults of the processor'),
  kernelParameters: z.array(z.string()).describe('of the kernel’s command line, what changes timing'),
  clockSource: z.string().nullable(),
  memoryLimitBytes: count.nullable().describe('that a control group grants; null for no limit'),
  noCounters: z
    .string()
    .nullable()
    .describe('why instructions, cycles and cache misses were not counted; null if they were'),
});

const environment = z.strictObject({
  kernel: z.string(),
  architecture: z.string(),
  cpuModel: z.string(),
  cpus: count,
  memoryBytes: count,
  governor: z.string().nullable(),
  machine: machine.optional().describe('what changes timing; older files lack it'),
  node: z.string(),
  v8: z.string(),
  packages: z.record(z.string(), z.string().nullable()),
  lockbench: z.string(),
  gitRevision: z.string().nullable(),
  uid: z.int(),
  workers: z.strictObject({ uid: z.int(), gid: z.int() }).nullable().describe('to whom the workers dropped'),
});

const noise = z.strictObject({
  spanNs: ns.describe('from before the first round to the end'),
  chainNs: z
    .array(ns)
    .describe('a fixed computation that needs little of a core, before the first block and after each'),
  chainSpread: z.number().nullable().describe('longest over shortest, minus 1'),
  spinNs: z.array(ns).describe('a fixed computation that needs all of a core, likewise'),
  spinSpread: z.number().nullable(),
  elapsedNs: z
    .array(ns)
    .optional()
    .describe('the second one with the time that it waited for a processor; older files lack it'),
  spinWaitShare: z
    .number()
    .nullable()
    .describe('share of its time that the computation waited for a processor'),
  stealShare: z.number().nullable().describe('of all processors’ time: given to others by the hypervisor'),
  otherLoadShare: z.number().nullable().describe('of all processors’ time: used by other programs'),
  cpuPressure: z.number().nullable().describe('share of the span in which some task waited for a processor'),
  ioPressure: z.number().nullable(),
  memoryPressure: z.number().nullable(),
  cpuLimit: z
    .number()
    .nullish()
    .describe('processors’ worth of time that a control group grants; null for no limit'),
  throttledShare: z.number().nullish().describe('share of the span in which that group was stopped'),
  governor: z.string().nullable(),
});

const calibration = z.strictObject({
  chainNs: ns.describe('a fixed computation that needs little of a core'),
  fourChainsNs: ns.describe('one that needs all of a core'),
  emptyCallNs: ns.describe('a system call that does nothing, called from TypeScript'),
  mhz: z.number().nullable().describe('of the processor, as the kernel tells'),
  flushes: z
    .array(z.strictObject({ directory: z.string(), ns: ns.nullable().describe('null if it failed') }))
    .describe('one flush of a block to the disk, in each directory of this host'),
});

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
  restNs: ns.optional().describe('nothing was done for so long before each block; left out for none'),
  measuredNs: ns.describe('sum of wallNs over all rounds'),
  emptyLoopNs: ns.nullable().describe('the loop by itself, per turn: no lock, no file'),
  instrumentsNs: ns.nullable().describe('what the instruments of a trace round add to a turn'),
  environment,
  noise,
  calibration: z
    .strictObject({ before: calibration, after: calibration.nullable() })
    .optional()
    .describe('the machine’s speed before the first round and after the last; older files lack it'),
  warnings: z.array(z.string()),
  findings: z
    .array(z.string())
    .optional()
    .describe('the sentences under the table: what was found, and what to know before trusting it'),
  cells: z.array(cell),
});

export type Result = z.infer<typeof resultSchema>;
export type Cell = Result['cells'][number];
export type MeasuredCell = Extract<Cell, { nsPerIncrement: unknown }>;
/** Under what a cell is measured, declared here and handed on whole, from the plan to the worker. */
export type Conditions = Cell['conditions'];
export type NumberMode = Conditions['number'];
/** Time passed in each turn, by keeping the processor busy or by sleeping. */
export type Pause = NonNullable<Conditions['hold']>;
