/**
 * Recorded runs: results/NAME of this project, read back through the schema.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Result, resultSchema } from './result.js';

/** The one that pages and commands quote unless another is named: what a run measures that was told nothing. */
export const QUOTED_RUN = 'default-2-cpus';

/** Throws if it is not there or not readable. `root`: where the project lies. */
export function recordedRun(name: string, root: string): Result {
  return resultSchema.parse(JSON.parse(readFileSync(join(root, 'results', name, 'result.json'), 'utf8')));
}
