/**
 * What `reproduce` recorded, read back through the schema.
 */

import { readRecord } from '../measure/result/recorded-run.js';
import { type Reproduction, reproductionSchema } from './experiment/reproduction-schema.js';

/** Throws if it is not there or not readable. `root`: where the project lies. */
export const recordedReproduction = (name: string, root: string): Reproduction =>
  reproductionSchema.parse(readRecord(name, root));
