/**
 * The result of `lockbench nfs roundtrip`: its types, which are read off its schema. `findings` is what was measured in
 * the lab; `figures` are worked out from it.
 */
import type { z } from 'zod';
import type { figuresSchema, findingsSchema, outsideSchema, roundTripSchema } from './roundtrip-schema.js';

export const ROUND_TRIP_SCHEMA_VERSION = 1;

export const WAYS = ['local', 'v3', 'v4.2', 'v4.2-shared'] as const;

export type RoundTripResult = z.infer<typeof roundTripSchema>;
export type Findings = z.infer<typeof findingsSchema>;
export type Figures = z.infer<typeof figuresSchema>;
export type Calls = Findings['calls'][number];
export type SweepRound = Findings['rounds'][number];
export type Outside = z.infer<typeof outsideSchema>;
export type Curve = Figures['curves'][number];
export type Prediction = Figures['predictions'][number];
export type Way = (typeof WAYS)[number];
export type Key = Pick<SweepRound, 'strategy' | 'wait' | 'way' | 'export'>;
