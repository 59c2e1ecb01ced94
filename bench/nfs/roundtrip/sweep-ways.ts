/**
 * The ways to reach the number that `lockbench nfs roundtrip` measures, by name.
 */
export const ROUND_TRIP_SCHEMA_VERSION = 1;

export const WAYS = ['local', 'v3', 'v4.2', 'v4.2-shared'] as const;

export type Way = (typeof WAYS)[number];
