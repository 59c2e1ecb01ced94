/**
 * The result of `lockbench crash`: its events, and its types, which are read off its schema.
 */
import type { z } from 'zod';
import type { crashSchema, playedCrash } from './crash-schema.js';

export const CRASH_SCHEMA_VERSION = 1;

/** Events that the holder does not survive. */
export const DYING = ['kill', 'exception', 'exit', 'return'] as const;
/** Events after which it goes on. */
export const SURVIVED = ['stop', 'close', 'unlink'] as const;
export const EVENTS = [...DYING, ...SURVIVED] as const;

export type CrashResult = z.infer<typeof crashSchema>;
export type CrashScenario = CrashResult['scenarios'][number];
export type PlayedCrash = z.infer<typeof playedCrash>;
export type BrokenClaim = CrashResult['brokenClaims'][number];
export type CrashEvent = (typeof EVENTS)[number];
export type Dying = (typeof DYING)[number];
