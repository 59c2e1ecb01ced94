export const PROVE_SCHEMA_VERSION = 1;
