/**
 * Whether anybody is left at the other end, seen without writing.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDeserted } from '../../../strategies/posix/poll.js';
import { temporaryDirectory } from '../../support/support.js';

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

test('a pipe is deserted from when its last reader has closed it; a file never is', (t) => {
  const directory = temporaryDirectory(t);
  const pipe = join(directory, 'pipe');
  assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
  const readers = [0, 1].map(() => openSync(pipe, O_RDONLY | O_NONBLOCK));
  const writer = openSync(pipe, O_WRONLY);
  const file = openSync(join(directory, 'file'), 'w');
  t.after(() => [writer, file].forEach(closeSync));
  for (const reader of readers) {
    assert.equal(isDeserted(writer), false);
    closeSync(reader);
  }
  assert.equal(isDeserted(writer), true);
  assert.equal(isDeserted(file), false);
});
