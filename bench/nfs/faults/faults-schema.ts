/**
 * The schema of the result of `lockbench nfs faults`, which is published as JSON Schema.
 */

import { z } from 'zod';
import { VERSIONS } from '../../lab/lab.js';
import { count, ns } from '../../measure/result/rounds-schema.js';
import { errorsSchema, numberSchema, scenarioHead, stepSchema } from '../../scenario/steps-schema.js';
import { FAULTS, FAULTS_SCHEMA_VERSION } from './fault-names.js';

const scenario = {
  strategy: z.string(),
  wait: z.string(),
  version: z.enum(VERSIONS).describe('of NFS'),
  fault: z.enum(FAULTS),
};

const played = z.strictObject({
  ...scenario,
  state: z.literal('played'),
  outcome: z
    .enum(['released', 'stuck', 'kept', 'overtaken', 'not-excluded'])
    .describe(
      'the holder died: released or stuck; it lived: kept, or overtaken by somebody who got in beside it; ' +
        'not-excluded: somebody was in beside it before the fault',
    ),
  faultNs: ns.describe('when the fault struck, since the first step'),
  mendedNs: ns.nullable().describe('when the network was whole, the server up or the client booted again'),
  watchedNs: ns.describe('from the fault until the end: stuck means that nobody got in within this'),
  afterNs: ns.nullable().describe('from the fault until the first of the others got in; null if none did'),
  firstIn: z.string().nullable().describe('who that was'),
  heldTwiceNs: ns.describe('for how long two were inside, by what they knew; 0: it excluded'),
  recoveredNs: ns
    .nullable()
    .describe('after a cut: from its end until the holder had written and unlocked; null if it did not'),
  freeLockNs: ns
    .nullable()
    .describe('after a restart of the server: how long one waited for a lock that nobody held'),
  number: numberSchema(count.describe('that reached the server; a write that failed, and said so, is none')),
  served: count.describe('how many of the others got in, ever'),
  errors: errorsSchema,
  timeline: z.array(stepSchema),
});

const notPlayed = z.strictObject({ ...scenario, state: z.literal('not-played'), reason: z.string() });

/** What is known inside of the lab. */
const faultsFindingsSchema = z.strictObject({
  environment: scenarioHead.environment.describe('of the kernel that the lab ran on'),
  accelerator: z.enum(['kvm', 'tcg']).nullable().describe('of the virtual machine; null if it ran on none'),
  unavailable: scenarioHead.unavailable,
  leaseNs: ns.describe(
    "the server's lease and grace period, shorter than the kernel's own so that a run is short",
  ),
  roundTripNs: ns.describe('what the network added to each request and its answer together'),
  scenarios: z.array(z.discriminatedUnion('state', [played, notPlayed])),
});

export const faultsSchema = z.strictObject({
  schemaVersion: z.literal(FAULTS_SCHEMA_VERSION),
  command: scenarioHead.command,
  startedAt: scenarioHead.startedAt,
  finishedAt: scenarioHead.finishedAt,
  interruptedBy: scenarioHead.interruptedBy,
  ...faultsFindingsSchema.shape,
});

export type FaultsResult = z.infer<typeof faultsSchema>;
export type FaultsFindings = z.infer<typeof faultsFindingsSchema>;
export type FaultScenario = FaultsFindings['scenarios'][number];
export type PlayedFault = Extract<FaultScenario, { state: 'played' }>;
