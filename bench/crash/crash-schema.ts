/**
 * The schema of the result of `lockbench crash`, which is published as JSON Schema.
 */

import { z } from 'zod';
import { count, ns } from '../measure/result/rounds-schema.js';
import {
  errorsSchema,
  numberSchema,
  runtimeSchema,
  scenarioHead,
  stepSchema,
} from '../scenario/steps-schema.js';
import { CRASH_SCHEMA_VERSION, EVENTS } from './crash-events.js';

const scenario = {
  strategy: z.string(),
  wait: z.string(),
  runtime: runtimeSchema,
  event: z.enum(EVENTS),
};

export const playedCrash = z.strictObject({
  ...scenario,
  state: z.literal('played'),
  outcome: z
    .enum(['released', 'owner-died', 'taken-over', 'stuck', 'kept', 'overtaken', 'not-excluded'])
    .describe('not-excluded: somebody was in beside the holder before the event'),
  eventNs: ns.describe('when the event struck, since the first step'),
  afterNs: ns.nullable().describe('from the event until the first of the others got in; null if none did'),
  firstIn: z.string().nullable().describe('who that was'),
  heldTwiceNs: ns.describe('for how long two were inside; 0: it excluded'),
  number: numberSchema(count),
  served: count.describe('how many of the others got in, ever'),
  errors: errorsSchema,
  alone: z.boolean().describe('false: played beside others, and of its times none is shown'),
  timeline: z.array(stepSchema),
});

const notPlayed = z.strictObject({ ...scenario, state: z.literal('not-played'), reason: z.string() });

export const crashSchema = z.strictObject({
  schemaVersion: z.literal(CRASH_SCHEMA_VERSION),
  ...scenarioHead,
  patienceNs: ns.describe('nobody within this is "stuck"; a stopped holder is stopped for this'),
  scenarios: z.array(z.discriminatedUnion('state', [playedCrash, notPlayed])),
  brokenClaims: z.array(
    z.strictObject({
      strategy: z.string(),
      runtime: runtimeSchema,
      claim: z.enum(['holderDies', 'excludes']),
      claimed: z.string(),
      observed: z.string(),
    }),
  ),
});

export type CrashResult = z.infer<typeof crashSchema>;
export type CrashScenario = CrashResult['scenarios'][number];
export type PlayedCrash = z.infer<typeof playedCrash>;
export type BrokenClaim = CrashResult['brokenClaims'][number];
