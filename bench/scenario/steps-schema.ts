/**
 * What results of scenarios have in common: what they begin with, and what happened, step by step.
 */
import { z } from 'zod';
import { resultSchema } from '../measure/result/result-schema.js';
import { count } from '../measure/result/rounds-schema.js';
import { STEPS } from './step-names.js';

export const stepSchema = z.strictObject({
  participant: z.string().describe('a process of the scenario, or the parent'),
  what: z
    .enum(STEPS)
    .describe(
      'leaves: just before it calls unlock; touches: opens and closes another descriptor of the file',
    ),
  atNs: z.number().describe('since the first step, CLOCK_MONOTONIC'),
  number: z.int().optional().describe('the number that was read or written'),
  shared: z.literal(true).optional().describe('asked for, or got, the shared mode'),
  recovery: z.enum(['owner-died', 'taken-over']).optional().describe('what a lock says that it came by'),
  error: z.string().optional().describe('what a call threw'),
});

/** What became of the number, which began with 1. `writes`: those that count. */
export const numberSchema = (writes: z.ZodInt) =>
  z.strictObject({
    sequence: z.enum(['intact', 'lost-updates']),
    final: count.describe('what stands in the file; it began with 1'),
    writes,
    lost: count.describe('writes whose number another process wrote, too'),
  });

export const errorsSchema = z
  .array(z.strictObject({ participant: z.string(), error: z.string() }))
  .describe('what calls threw');

/** In what the lock was written that took part. */
export const runtimeSchema = resultSchema.shape.cells.element.options[0].shape.runtime;

/** What all results of scenarios begin with. */
export const scenarioHead = {
  command: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  interruptedBy: z.string().nullable().describe('the signal that ended it early'),
  environment: resultSchema.shape.environment,
  directory: z.strictObject({ path: z.string(), filesystem: z.string(), options: z.array(z.string()) }),
  unavailable: z.array(z.strictObject({ strategy: z.string(), runtime: runtimeSchema, reason: z.string() })),
};

export type Step = z.infer<typeof stepSchema>;
export type What = Step['what'];
