/**
 * Recorded runs: results/NAME of this project, read back through the schema.
 */

import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { AT_FDCWD, asName } from '../../../strategies/posix/at.js';
import { statusOf } from '../../../strategies/posix/file-status.js';
import { openRegular, readAll } from '../../machine/files/open-file.js';
import { type Result, resultSchema } from './result-schema.js';

/** The one that strategies' pages and commands quote, unless another is named: it has the whole catalogue. */
export const QUOTED_RUN = 'whole-catalogue';

/** The text of a file, which may be a link to one. Throws if it is none: a named pipe would be waited for without end. */
function readFile(path: string): string {
  const fd = openRegular(AT_FDCWD, asName(path), { access: 'reading', follow: true });
  try {
    return readAll(fd, statusOf(fd).size).toString('utf8');
  } finally {
    closeSync(fd);
  }
}

/** What a record holds, not yet looked at. Throws if it is not there or no JSON. `root`: where the project lies. */
export const readRecord = (name: string, root: string): unknown =>
  JSON.parse(readFile(join(root, 'results', name, 'result.json')));

/** Throws if it is not there or not readable. */
export const recordedRun = (name: string, root: string): Result => resultSchema.parse(readRecord(name, root));
