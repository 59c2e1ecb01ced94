/**
 * The faults of `lockbench nfs faults`, by name.
 */
export const FAULTS_SCHEMA_VERSION = 2;

/** In the order in which they are played: who survives one goes on in the next. */
export const FAULTS = [
  ...(['cut-short', 'server-restart', 'client-killed'] as const),
  ...(['cut-long', 'client-rebooted', 'client-dies'] as const),
] as const;

export type FaultName = (typeof FAULTS)[number];
