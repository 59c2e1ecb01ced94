/**
 * Records read back, from whatever lies in their place.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRecord } from '../../../bench/measure/result/recorded-run.js';
import { temporaryDirectory } from '../../support/support.js';

test('a record is read, and a named pipe in its place is refused and not waited for', (t) => {
  const root = temporaryDirectory(t);
  for (const name of ['good', 'pipe']) mkdirSync(join(root, 'results', name), { recursive: true });
  writeFileSync(join(root, 'results', 'good', 'result.json'), '{"a": 1}');
  spawnSync('mkfifo', [join(root, 'results', 'pipe', 'result.json')]);
  assert.deepEqual(readRecord('good', root), { a: 1 });
  assert.throws(() => readRecord('pipe', root), /a regular file was expected, got a named pipe/);
});
