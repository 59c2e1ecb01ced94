/**
 * A directory in which, from the middle of a run on, nothing can be made or removed any more.
 */
import '../../support/own-memory.js';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isMeasured } from '../../../bench/measure/result/result.js';
import { resultSchema } from '../../../bench/measure/result/result-schema.js';
import { until } from '../../support/limit.js';
import { leftBy, workersOf } from '../../support/processes.js';
import { isRoot, lockbench, needs, start, temporaryDirectory } from '../../support/support.js';

const chattr = (flag: '+i' | '-i', path: string): boolean =>
  spawnSync('chattr', [flag, path], { stdio: 'ignore' }).status === 0;

const SHORT = [
  '--processes',
  '2',
  '--increments',
  '200',
  '--min-round',
  '20ms',
  '--handoffs',
  '0',
  '--quiet',
];

test('the cells of another directory are kept, and nothing is left in memory', async (t) => {
  let thaw = (): void => {};
  t.after(() => thaw());
  const home = temporaryDirectory(t);
  const frozen = join(home, 'frozen');
  mkdirSync(frozen);
  const able = isRoot && chattr('+i', frozen) && chattr('-i', frozen);
  if (!needs(t, able, 'making a directory immutable needs root, chattr and a file system that has the flag'))
    return;
  thaw = () => void chattr('-i', frozen);
  spawnSync('chmod', ['1777', frozen]);
  const other = temporaryDirectory(t);
  const json = join(home, 'result.json');
  const locks = ['--strategies', 'excl/yield,shm-flag/yield,sysv-sem', '--rounds', '12', '--json', json];
  const run = start(['run', ...locks, '--dir', other, '--dir', frozen, ...SHORT]);
  t.after(() => run.kill('SIGKILL'));
  await until('the first block is saved', () => existsSync(json));
  await until(
    'a round in it runs',
    () => leftBy(run.pid, [frozen]).length > 0 && workersOf(run.pid).length > 0,
  );
  assert.ok(chattr('+i', frozen));
  const { code, stdout, stderr } = await run.ended;
  assert.equal(code, 3, stderr);
  assert.match(stdout, /Did not finish/);
  const { cells } = resultSchema.parse(JSON.parse(readFileSync(json, 'utf8')));
  const kept = cells.filter(({ conditions }) => conditions.directory.path === other);
  assert.equal(kept.length, 3);
  for (const cell of kept) {
    assert.ok(isMeasured(cell), cell.state);
    assert.equal(cell.rounds.filter(({ kind }) => kind === 'timing').length, 12);
  }
  for (const cell of cells)
    assert.ok('rounds' in cell, `${cell.state}: the rounds of the first block are kept`);
  assert.deepEqual(leftBy(run.pid, ['/dev/shm', other]), []);
  thaw();
  const next = await lockbench(['run', '--strategies', 'fcntl', '--dir', frozen, '--rounds', '1', ...SHORT]);
  assert.equal(next.code, 0, next.stderr);
  assert.deepEqual(readdirSync(frozen), []);
});
