export const COMPAT_SCHEMA_VERSION = 1;
