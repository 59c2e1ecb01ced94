/**
 * A limit on the size of files that the result does not fit in: the file is named, and nothing of it is left.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LIMIT_MS } from '../../support/limit.js';
import { hasCommand, needs, program, temporaryDirectory } from '../../support/support.js';

test('a result that may not be written for its size is said by the name of its file', (t) => {
  if (!needs(t, hasCommand('prlimit'), 'prlimit is missing; apt-get install util-linux')) return;
  const folder = temporaryDirectory(t);
  const json = join(folder, 'list.json');
  // Standard output and standard error are pipes, which have no such limit.
  const words = [
    '--fsize=100',
    process.execPath,
    program,
    'list',
    'none',
    '--json',
    json,
    '--dir',
    temporaryDirectory(t),
  ];
  const { status, stderr } = spawnSync('prlimit', words, { encoding: 'utf8', timeout: LIMIT_MS });
  assert.equal(status, 3, stderr);
  assert.match(stderr, /^lockbench: "[^"]*list\.json" could not be written: EFBIG: file too large[^\n]*\n$/);
  assert.deepEqual(readdirSync(folder), []);
});
