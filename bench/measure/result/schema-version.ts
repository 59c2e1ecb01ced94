/** Of the result file; apart from its schema, whose library takes long to load. */
export const SCHEMA_VERSION = 3;
