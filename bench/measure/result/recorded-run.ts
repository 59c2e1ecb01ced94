/**
 * Recorded runs: results/NAME of this project, read back through the schema.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Result, resultSchema } from './result-schema.js';

/** The one that strategies' pages and commands quote, unless another is named: it has the whole catalogue. */
export const QUOTED_RUN = 'whole-catalogue';

/** What a record holds, not yet looked at. Throws if it is not there or no JSON. `root`: where the project lies. */
export const readRecord = (name: string, root: string): unknown =>
  JSON.parse(readFileSync(join(root, 'results', name, 'result.json'), 'utf8'));

/** Throws if it is not there or not readable. */
export const recordedRun = (name: string, root: string): Result => resultSchema.parse(readRecord(name, root));
