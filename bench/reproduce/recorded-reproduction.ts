/**
 * What `reproduce` recorded, read back through the schema.
 */

import { readResult } from '../measure/result/read-result.js';
import { recordPath } from '../measure/result/recorded-run.js';
import { type Reproduction, reproductionSchema } from './experiment/reproduction-schema.js';
import { REPRODUCTION_SCHEMA_VERSION } from './experiment/reproduction-version.js';

/** Throws UsageError. `root`: where the project lies. */
export const recordedReproduction = (name: string, root: string): Reproduction =>
  readResult(recordPath(name, root), {
    what: 'a result of reproduce',
    version: REPRODUCTION_SCHEMA_VERSION,
    schema: reproductionSchema,
  });
