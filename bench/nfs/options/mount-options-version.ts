/**
 * The version of the result of `lockbench nfs options`; apart from the schema, whose library takes long to load.
 */
export const MOUNT_OPTIONS_SCHEMA_VERSION = 1;
