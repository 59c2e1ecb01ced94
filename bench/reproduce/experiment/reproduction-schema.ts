/**
 * The schema of the result of `lockbench reproduce`, which is published as JSON Schema.
 */

import { z } from 'zod';
import { resultSchema } from '../../measure/result/result-schema.js';
import { REPRODUCTION_SCHEMA_VERSION } from './reproduction-version.js';

const claim = {
  name: z.string(),
  title: z.string(),
  claim: z.string().describe('what the source says, in our words'),
  source: z.string(),
  book: z.string().describe('the figure of the source, or what it says happens, in few words'),
  method: z.string().describe('how it is tested here'),
};

const here = z.string().describe('our figure with its interval, or what happened here, in few words');
const why = z.string().describe('one sentence: why it agrees with the source, or differs');
const verdict = z.discriminatedUnion('answer', [
  z.strictObject({ answer: z.enum(['holds', 'does not hold', 'undecided']), here, why }),
  z.strictObject({
    answer: z.literal('holds under'),
    under: z.string().describe('the condition, to be read after "holds under"'),
    predicted: z
      .literal(true)
      .optional()
      .describe('the condition was not met here: that it holds follows from a model of what was measured'),
    here,
    why,
  }),
]);

const table = z.strictObject({
  title: z.string().describe('what is shown, and under which conditions'),
  head: z.array(z.string()),
  rows: z.array(z.array(z.string())),
});

const outcome = {
  ...claim,
  roles: z.record(z.string(), z.string()).describe('parts, and the strategies that played them'),
};

/** What became of an experiment whose evidence is as `evidence` says. */
const outcomeSchema = (name: z.ZodType<string>, evidence: z.ZodType) =>
  z.discriminatedUnion('state', [
    z.strictObject({
      ...outcome,
      name,
      state: z.literal('measured'),
      tookNs: z.number().nonnegative(),
      verdict,
      warnings: z.array(z.string()),
      tables: z.array(table).describe('the evidence as text, for people'),
      evidence,
    }),
    z.strictObject({
      ...outcome,
      name,
      state: z.enum(['unavailable', 'errored']),
      reason: z.string().describe('what happened and what to do'),
    }),
  ]);

const head = {
  schemaVersion: z.literal(REPRODUCTION_SCHEMA_VERSION),
  command: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable().describe('null while it goes on, and if it was killed'),
  interruptedBy: z.string().nullable().describe('the signal that ended it early'),
  seed: z.int().nonnegative(),
  rounds: z.int().positive().describe('how often each case was timed'),
  environment: resultSchema.shape.environment,
};

/** Whatever the evidence is. */
export const reproductionSchema = z.strictObject({
  ...head,
  outcomes: z.array(outcomeSchema(z.string(), z.json())),
});

/** With what each experiment's evidence is, by its name. */
export function reproductionSchemaWith(evidence: Readonly<Record<string, z.ZodType>>): z.ZodType {
  const outcomes = Object.entries(evidence).map(([name, schema]) => outcomeSchema(z.literal(name), schema));
  return z.strictObject({ ...head, outcomes: z.array(z.union(outcomes)) });
}

export type Reproduction = z.infer<typeof reproductionSchema>;
export type Outcome = Reproduction['outcomes'][number];
export type MeasuredOutcome = Extract<Outcome, { state: 'measured' }>;
export type Verdict = MeasuredOutcome['verdict'];
export type Table = MeasuredOutcome['tables'][number];
export type Claim = Readonly<Pick<Outcome, 'name' | 'title' | 'claim' | 'source' | 'book' | 'method'>>;
