/**
 * Runs of many strategies: each is measured, or said to be unavailable.
 */
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { isMeasured } from '../../../bench/measure/result/result.js';
import { type Cell, resultSchema } from '../../../bench/measure/result/result-schema.js';
import { strategyNames } from '../../../strategies/index.js';
import { LIMIT_MS } from '../../support/limit.js';
import { plainEnv } from '../../support/printed.js';
import { kindsOf } from '../../support/short-runs.js';
import { lockbench } from '../../support/support.js';

async function cellsOf(strategies: string, ...more: string[]): Promise<readonly Cell[]> {
  const once = ['--rounds', '1', '--min-round', '1ns', '--budget', `${LIMIT_MS}ms`, '--dir', tmpdir()];
  const args = ['run', '--strategies', strategies, ...once, ...more, '--quiet', '--json', '-'];
  const { stdout, stderr } = await lockbench(args, { env: plainEnv });
  assert.notEqual(stdout, '', stderr);
  return resultSchema.parse(JSON.parse(stdout)).cells;
}

test('each strategy of the catalogue is measured, or said to be unavailable', async () => {
  const cells = await cellsOf('all', '--processes', '1', '--increments', '20', '--no-trace');
  assert.deepEqual(cells.map(({ strategy }) => strategy).sort(), [...strategyNames].sort());
  for (const { state, strategy } of cells) {
    assert.ok(state === 'measured' || state === 'unavailable', `${strategy} is ${state}`);
  }
});

test('between two processes each is proven, traced and timed', async () => {
  const names = ['broken', 'sysv-sem', 'flock-fs-ext', 'sqlite/yield'];
  const cells = await cellsOf(names.join(), '--processes', '2', '--increments', '100', '--handoffs', '100');
  assert.equal(cells.length, names.length);
  for (const cell of cells) {
    if (cell.state === 'unavailable') continue;
    assert.ok(isMeasured(cell), `${cell.strategy} is ${cell.state}`);
    assert.deepEqual(kindsOf(cell), ['prove', 'trace', 'timing'], cell.strategy);
  }
});
