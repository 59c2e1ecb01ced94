export const PAIRS_SCHEMA_VERSION = 1;
