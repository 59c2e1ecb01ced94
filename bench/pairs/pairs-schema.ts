/**
 * The schema of the result of `lockbench pairs`, which is published as JSON Schema.
 */
import { z } from 'zod';
import { estimate, resultSchema } from '../measure/result/result-schema.js';
import { count, ns } from '../measure/result/rounds-schema.js';
import { PAIRS_SCHEMA_VERSION } from './pairs-version.js';

const runtime = z.string().optional().describe('what it is written in, where that is not Node: c, python');

const figures = z.strictObject({
  samples: count,
  medianNs: ns,
  meanNs: ns,
  marginNs: ns.describe('half of the 95% interval of the mean'),
  p99Ns: ns,
});

const pair = z.strictObject({
  strategy: z.string(),
  runtime,
  wait: z.string(),
  directory: z.string(),
  figures: figures.describe('of lock and unlock together; a sample is the mean of 100 pairs'),
  overC: z
    .strictObject(estimate.shape)
    .optional()
    .describe('how many times as long as the same lock in C takes, where both were measured'),
});

const missing = z.strictObject({ strategy: z.string(), runtime, directory: z.string(), reason: z.string() });

export const pairsSchema = z.strictObject({
  schemaVersion: z.literal(PAIRS_SCHEMA_VERSION),
  command: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  interruptedBy: z.string().nullable().describe('the signal that ended it early'),
  environment: resultSchema.shape.environment,
  directories: z.array(z.strictObject({ path: z.string(), filesystem: z.string() })),
  pairs: z.array(pair),
  unavailable: z.array(missing),
});

export type PairsResult = z.infer<typeof pairsSchema>;
export type Pair = z.infer<typeof pair>;
export type MissingPair = z.infer<typeof missing>;
