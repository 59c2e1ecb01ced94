/**
 * However a command ends, nothing of it is left, and what was finished can be read. `npm run test:endings -- 500` plays more
 * of these; the seed of one that went wrong plays it again: `npm run test:endings -- 1 SEED`.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canUnshare, playEndings } from '../long/play-endings.js';
import { isRoot, needs } from '../support/support.js';

const COUNT = 40;

test(`${COUNT} random endings leave nothing, and keep what was finished`, async (t) => {
  const able = isRoot && canUnshare();
  if (!needs(t, able, 'namespaces of mounts, processes, IPC and networks need root')) return;
  const bad: string[] = [];
  await playEndings(1, COUNT, (ended, seed) => {
    if (ended.problems.length > 0) bad.push(`seed ${seed}: ${JSON.stringify(ended)}`);
  });
  assert.deepEqual(bad, []);
});
