/**
 * The result of `lockbench nfs faults`: its faults, and its types, which are read off its schema.
 */
import type { z } from 'zod';
import type { faultsFindingsSchema, faultsSchema } from './faults-schema.js';

export const FAULTS_SCHEMA_VERSION = 1;

/** Faults that the holder does not survive. */
export const DEADLY_FAULTS = ['client-killed', 'client-dies', 'client-rebooted'] as const;
/** In the order in which they are played: who survives one goes on in the next. */
export const FAULTS = [
  ...(['cut-short', 'server-restart', 'client-killed'] as const),
  ...(['cut-long', 'client-rebooted', 'client-dies'] as const),
] as const;

export type FaultsResult = z.infer<typeof faultsSchema>;
export type FaultsFindings = z.infer<typeof faultsFindingsSchema>;
export type FaultScenario = FaultsFindings['scenarios'][number];
export type PlayedFault = Extract<FaultScenario, { state: 'played' }>;
export type FaultName = (typeof FAULTS)[number];
