/**
 * A run of all strategies.
 */
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { resultSchema } from '../../../bench/measure/result/result-schema.js';
import { strategyNames } from '../../../strategies/index.js';
import { LIMIT_MS } from '../../support/limit.js';
import { plainEnv } from '../../support/printed.js';
import { lockbench } from '../../support/support.js';

/** Runs all of them, once. */
async function runAll(...more: string[]) {
  const once = ['--rounds', '1', '--min-round', '1ns', '--budget', `${LIMIT_MS}ms`];
  const args = ['run', '--strategies', 'all', ...once, ...more, '--dir', tmpdir(), '--quiet', '--json', '-'];
  const { stdout } = await lockbench(args, { env: plainEnv });
  const { cells } = resultSchema.parse(JSON.parse(stdout));
  assert.deepEqual(cells.map(({ strategy }) => strategy).sort(), [...strategyNames].sort());
  for (const { state, strategy } of cells) {
    assert.ok(state === 'measured' || state === 'unavailable', `${strategy} is ${state}`);
  }
}

test('each strategy of the catalogue is measured, or said to be unavailable', () =>
  runAll('--processes', '1', '--increments', '20', '--no-trace'));

test('so is each between two processes, timed, traced and proven', () =>
  runAll('--processes', '2', '--increments', '100', '--handoffs', '100'));
