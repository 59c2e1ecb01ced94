/**
 * The schema of the result of `lockbench prove`, which is published as JSON Schema.
 */
import { z } from 'zod';
import { runtimeSchema, scenarioHead } from '../scenario/steps-schema.js';
import { PROVE_SCHEMA_VERSION } from './prove-version.js';

const checkSchema = z.strictObject({
  claim: z
    .enum([
      ...(['contract', 'excludes', 'excludesAsRoot', 'excludesAcrossNfs', 'holderDies'] as const),
      ...(['owner', 'leaseNs'] as const),
    ])
    .describe('the member of the claims that it is about; contract: what every lock promises'),
  promise: z.string().describe('what the lock claims, a clause that "it" begins'),
  observed: z.string().describe('what was seen; of one that failed, why'),
  verdict: z
    .enum(['holds', 'broken', 'not-proven', 'failed'])
    .describe('not-proven: it cannot be looked at here; failed: the question did not come to its end'),
});

const proofSchema = z.strictObject({
  strategy: z.string(),
  wait: z.string(),
  runtime: runtimeSchema,
  checks: z.array(checkSchema),
});

export const proveSchema = z.strictObject({
  schemaVersion: z.literal(PROVE_SCHEMA_VERSION),
  ...scenarioHead,
  proofs: z.array(proofSchema),
});

export type ProveResult = z.infer<typeof proveSchema>;
export type Proof = z.infer<typeof proofSchema>;
export type CheckResult = z.infer<typeof checkSchema>;
