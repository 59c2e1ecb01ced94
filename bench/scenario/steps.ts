/**
 * What happened in a scenario, step by step.
 */
import type { z } from 'zod';
import type { stepSchema } from './steps-schema.js';

export type Step = z.infer<typeof stepSchema>;
export type What = Step['what'];
