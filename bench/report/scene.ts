/**
 * What happened in a scenario, step by step.
 */
import type { z } from 'zod';
import type { stepSchema } from './schemas/scene.js';

export type Step = z.infer<typeof stepSchema>;
export type What = Step['what'];
