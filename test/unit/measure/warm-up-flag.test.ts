/**
 * V8 is told to compile sooner by a flag that it knows: with another one it would say so, and compile in the timed loop.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { SOONER } from '../../../bench/measure/worker/warm-up.js';

test('the flag by which a worker’s loop is compiled sooner is one of this Node’s', () => {
  const [flag = ''] = SOONER.split('=');
  const { stdout } = spawnSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  assert.ok(stdout.includes(`  ${flag} (`), `${process.version} knows no ${flag}`);
});
