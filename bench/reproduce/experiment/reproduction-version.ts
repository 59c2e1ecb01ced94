/**
 * The version of the result of `lockbench reproduce`; apart from the schema, whose library takes long to load.
 */
export const REPRODUCTION_SCHEMA_VERSION = 2;
