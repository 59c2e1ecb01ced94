/**
 * Recorded runs: results/NAME of this project, read back through the schema.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reproduction } from './reproduction.js';
import type { Result } from './result.js';
import { reproductionSchema } from './schemas/reproduction.js';
import { resultSchema } from './schemas/result.js';

/** The one that strategies' pages and commands quote, unless another is named: it has the whole catalogue. */
export const QUOTED_RUN = 'whole-catalogue';

const read = (name: string, root: string): unknown =>
  JSON.parse(readFileSync(join(root, 'results', name, 'result.json'), 'utf8'));

/** Throws if it is not there or not readable. `root`: where the project lies. */
export const recordedRun = (name: string, root: string): Result => resultSchema.parse(read(name, root));

/** What `reproduce` recorded; throws likewise. */
export const recordedReproduction = (name: string, root: string): Reproduction =>
  reproductionSchema.parse(read(name, root));
