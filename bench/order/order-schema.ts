/**
 * The schema of the result of `lockbench order`, which is published as JSON Schema.
 */

import { z } from 'zod';
import { count, ns } from '../measure/result/rounds-schema.js';
import { runtimeSchema, scenarioHead, stepSchema } from '../scenario/steps-schema.js';
import { ANSWERS, ORDER_SCHEMA_VERSION, QUESTIONS } from './questions.js';

const play = z.strictObject({
  answer: z.enum(ANSWERS),
  heldTwiceNs: ns.describe('for how long a writer was not alone; 0: it excluded'),
  timeline: z.array(stepSchema),
});

const oneCase = {
  strategy: z.string(),
  wait: z.string(),
  runtime: runtimeSchema,
  question: z
    .enum(QUESTIONS)
    .describe('the last two: both wait behind a writer; who is served first when it unlocks?'),
};

export const orderSchema = z.strictObject({
  schemaVersion: z.literal(ORDER_SCHEMA_VERSION),
  ...scenarioHead,
  times: count.describe('how often each question was asked'),
  cases: z.array(
    z.discriminatedUnion('state', [
      z.strictObject({ ...oneCase, state: z.literal('played'), plays: z.array(play) }),
      z.strictObject({ ...oneCase, state: z.literal('not-played'), reason: z.string() }),
    ]),
  ),
});

export type OrderResult = z.infer<typeof orderSchema>;
export type Case = OrderResult['cases'][number];
export type PlayedCase = Extract<Case, { state: 'played' }>;
export type Play = PlayedCase['plays'][number];
