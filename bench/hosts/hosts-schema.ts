/**
 * The schema of the result of `lockbench hosts`, which is published as JSON Schema.
 */
import { z } from 'zod';
import { estimate, resultSchema, turnConditions } from '../measure/result/result-schema.js';
import { count, ns } from '../measure/result/rounds-schema.js';
import { HOSTS_SCHEMA_VERSION } from './hosts-version.js';

/** Between two clocks, a short time may come out as less than nothing. */
const crossing = z.strictObject({
  samples: count,
  p50: z.number(),
  p90: z.number(),
  p99: z.number(),
  p999: z.number(),
  max: z.number(),
});

const requests = z.record(z.string(), z.number());

const worker = z.strictObject({
  rank: count,
  turns: count,
  startNs: ns.describe('its first turn began, since the first rank’s, by rank 0’s clock; 0 in a prove round'),
  endNs: ns.describe('its last turn ended, since its own gate, by its own clock'),
  clockOffsetNs: z
    .string()
    .nullable()
    .describe('its clock less rank 0’s, digits of a whole number; null in a prove round'),
  clockErrorNs: ns.nullable().describe('how wrong that may be, at most'),
  failedTries: count,
  userNs: ns,
  systemNs: ns,
});

const violation = z.strictObject({
  rank: count.describe('the one that came in'),
  beside: count.describe('the one that was inside'),
  atNs: ns.describe('since the referee began, by rank 0’s clock'),
});

const common = {
  block: count,
  order: count.describe('place within the block and kind, from 0'),
  wallNs: ns.describe('from a rank’s gate to its last end, of the rank that took longest, by its own clock'),
  turns: count.describe('of all ranks together'),
  final: count.describe('number in the file at the end'),
  expected: count,
  lost: count,
  sequence: z.enum(['intact', 'lost-updates']),
  workers: z.array(worker),
};

const round = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('timing'),
    ...common,
    spreadNs: ns.describe('from the first rank’s first turn to the last rank’s, by rank 0’s clock'),
    spreadErrorNs: ns.describe('how wrong that may be, at most'),
    ownerChanges: count
      .nullable()
      .describe('turns whose number followed one of another rank; null when not intact'),
    rpcs: z
      .array(z.strictObject({ host: z.string(), requests }))
      .describe('what each host asked of the NFS server, by operation, without NLM; empty elsewhere'),
  }),
  z.strictObject({
    kind: z.literal('trace'),
    ...common,
    betweenHostsNs: crossing.nullable(),
    withinHostNs: crossing.nullable(),
  }),
  z.strictObject({
    kind: z.literal('prove'),
    ...common,
    violations: count.describe('entries that found somebody inside, as the referee heard it'),
    handoffs: count.describe('entries of another rank than the one before'),
    betweenHosts: count.describe('those of them in which the other rank was on another host'),
    first: violation.nullable(),
  }),
]);

const holderDied = z.strictObject({
  victim: count.describe('rank of the holder that it befell'),
  next: count.nullable().describe('rank that got the lock then; null: nobody did, it is stuck'),
  afterNs: ns.nullable().describe('from the news of it to that of the next one inside'),
  patienceNs: ns.describe('for how long the others waited, at most'),
});

const identity = {
  strategy: z.string(),
  wait: z.string(),
  ranks: z.array(count).describe('those that contended'),
};

const figures = {
  nsPerIncrement: estimate.nullable().describe('wall time over turns, timing rounds; null if none was done'),
  spreadShare: z.number().nullable().describe('the largest spread of starts over its round’s wall time'),
  exclusion: z.enum(['held', 'violated', 'unchecked']),
  violations: count,
  handoffs: count,
  betweenHosts: count,
  first: violation.nullable(),
  sequence: z.enum(['intact', 'lost-updates']).describe('lost-updates if any round of any kind lost one'),
  lost: count,
  holderDied: holderDied.nullable().describe('null where no holder was killed'),
  holderCutOff: holderDied
    .nullable()
    .describe(
      'null where no holder’s host was cut off; whoever got the lock then has it beside the one that was',
    ),
  betweenHostsNs: crossing
    .nullable()
    .describe('from a release to the acquisition by a rank of another host that waited'),
  withinHostNs: crossing.nullable().describe('likewise, by another rank of the same host'),
  turnsByHost: z
    .array(z.strictObject({ host: z.string(), ranks: count, share: z.number() }))
    .describe('share of all turns in the timing rounds'),
  rpcsPerIncrement: z
    .array(z.strictObject({ host: z.string(), requests }))
    .describe('over that host’s own increments; empty where the directory is on no NFS'),
  rounds: z.array(round),
};

const cell = z.discriminatedUnion('state', [
  z.strictObject({ ...identity, state: z.literal('measured'), ...figures }),
  z.strictObject({
    ...identity,
    state: z.enum(['timed-out', 'errored']),
    reason: z.string(),
    rounds: z.array(round),
  }),
  z.strictObject({ ...identity, state: z.literal('unavailable'), reason: z.string() }),
]);

export const hostsSchema = z.strictObject({
  schemaVersion: z.literal(HOSTS_SCHEMA_VERSION),
  command: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().nullable().describe('null while it runs, and if it was ended by force'),
  interruptedBy: z.string().nullable(),
  unknown: z.string().nullable().describe('why the result has less than was asked for; null if it has all'),
  seed: count,
  blocks: count,
  atLeastNs: ns,
  budgetNs: ns,
  conditions: z.strictObject(turnConditions).describe('of every turn of every cell'),
  environment: resultSchema.shape.environment.describe('of rank 0'),
  mpi: z.strictObject({ family: z.enum(['Open MPI', 'MPICH']), file: z.string(), version: z.string() }),
  directory: z.strictObject({ path: z.string(), filesystem: z.string(), options: z.array(z.string()) }),
  ranks: z
    .array(
      z.strictObject({
        rank: count,
        host: z.string(),
        machine: count.describe('hosts with the same number share a kernel'),
        kernel: z.string(),
        cpus: count,
        mount: z
          .strictObject({ filesystem: z.string(), options: z.array(z.string()), source: z.string() })
          .nullable()
          .describe('by which it sees the directory'),
      }),
    )
    .describe('rank 0 is the referee, and contends for nothing'),
  brokenClaims: z.array(z.string()),
  uncaughtControls: z.array(z.string()),
  cells: z.array(cell),
});

export type HostsResult = z.infer<typeof hostsSchema>;
export type HostsCell = HostsResult['cells'][number];
export type MeasuredHostsCell = Extract<HostsCell, { state: 'measured' }>;
export type HostRoundRecord = z.infer<typeof round>;
export type HostTimingRound = Extract<HostRoundRecord, { kind: 'timing' }>;
export type HostProveRound = Extract<HostRoundRecord, { kind: 'prove' }>;
export type HostTraceRound = Extract<HostRoundRecord, { kind: 'trace' }>;
