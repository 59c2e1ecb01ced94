/**
 * The schema of the result of `lockbench order`, which is published as JSON Schema.
 */

import { z } from 'zod';
import { sceneHead, stepSchema } from '../scenario/steps-schema.js';
import { ANSWERS, ORDER_SCHEMA_VERSION, QUESTIONS } from './questions.js';

const count = z.int().nonnegative();
const ns = z.number().nonnegative();

const play = z.strictObject({
  answer: z.enum(ANSWERS),
  heldTwiceNs: ns.describe('for how long a writer was not alone; 0: it excluded'),
  timeline: z.array(stepSchema),
});

const game = {
  strategy: z.string(),
  wait: z.string(),
  question: z
    .enum(QUESTIONS)
    .describe('the last two: both wait behind a writer; who is served first when it unlocks?'),
};

export const orderSchema = z.strictObject({
  schemaVersion: z.literal(ORDER_SCHEMA_VERSION),
  ...sceneHead,
  times: count.describe('how often each question was asked'),
  games: z.array(
    z.discriminatedUnion('state', [
      z.strictObject({ ...game, state: z.literal('played'), plays: z.array(play) }),
      z.strictObject({ ...game, state: z.literal('not-played'), reason: z.string() }),
    ]),
  ),
});

/** The schema as JSON Schema 2020-12, as it is published. */
export function orderJsonSchema(): unknown {
  return z.toJSONSchema(orderSchema, { target: 'draft-2020-12' });
}

export type OrderResult = z.infer<typeof orderSchema>;
export type Game = OrderResult['games'][number];
export type PlayedGame = Extract<Game, { state: 'played' }>;
export type Play = PlayedGame['plays'][number];
