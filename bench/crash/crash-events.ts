/**
 * The events of `lockbench crash`, by name.
 */
export const CRASH_SCHEMA_VERSION = 2;

/** Events that the holder does not survive. */
export const DYING = ['kill', 'exception', 'exit', 'return'] as const;
/** Events after which it goes on. */
export const SURVIVED = ['stop', 'close', 'unlink'] as const;
export const EVENTS = [...DYING, ...SURVIVED] as const;

export type CrashEvent = (typeof EVENTS)[number];
export type Dying = (typeof DYING)[number];
