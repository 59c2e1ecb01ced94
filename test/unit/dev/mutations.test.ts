/**
 * The mutations fit the sources: one whose text is gone guards nothing any more, and nobody would notice until they are
 * run by hand.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MENDS } from '../../../bench/dev/mutations/mends.js';
import { MUTATIONS } from '../../../bench/dev/mutations/mutations.js';
import { projectRoot } from '../../../bench/machine/project.js';

test('the text of every mutation stands in its file exactly once', () => {
  const amiss = [...MUTATIONS, ...MENDS]
    .filter(
      ({ file, original }) => readFileSync(join(projectRoot, file), 'utf8').split(original).length !== 2,
    )
    .map(({ file, original }) => `${file}: ${original}`);
  assert.deepEqual(amiss, []);
});
