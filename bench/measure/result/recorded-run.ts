/**
 * Recorded runs: results/NAME of this project, read back through the schema.
 */

import { join } from 'node:path';
import { type ResultKind, readResult } from './read-result.js';
import { type Result, resultSchema } from './result-schema.js';
import { SCHEMA_VERSION } from './schema-version.js';

/** The one that strategies' pages and commands quote, unless another is named: it has the whole catalogue. */
export const QUOTED_RUN = 'whole-catalogue';

/** Where a record's result lies. `root`: where the project lies. */
export const recordPath = (name: string, root: string): string => join(root, 'results', name, 'result.json');

export const RESULT_OF_RUN: ResultKind<Result> = {
  what: 'a result of run',
  version: SCHEMA_VERSION,
  schema: resultSchema,
  member: 'cells',
};

/** Throws UsageError. */
export const recordedRun = (name: string, root: string): Result =>
  readResult(recordPath(name, root), RESULT_OF_RUN);
