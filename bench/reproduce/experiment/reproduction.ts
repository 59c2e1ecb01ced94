/**
 * The result of `lockbench reproduce`: its types, which are read off its schema.
 */
import type { z } from 'zod';
import type { reproductionSchema } from './reproduction-schema.js';

export const REPRODUCTION_SCHEMA_VERSION = 1;

export type Reproduction = z.infer<typeof reproductionSchema>;
export type Outcome = Reproduction['outcomes'][number];
export type MeasuredOutcome = Extract<Outcome, { state: 'measured' }>;
export type Verdict = MeasuredOutcome['verdict'];
export type Table = MeasuredOutcome['tables'][number];
export type Claim = Readonly<Pick<Outcome, 'name' | 'title' | 'claim' | 'source' | 'book' | 'method'>>;
