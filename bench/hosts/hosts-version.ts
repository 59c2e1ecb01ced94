/**
 * The version of the result of `lockbench hosts`; apart from the schema, whose library takes long to load.
 */
export const HOSTS_SCHEMA_VERSION = 2;
