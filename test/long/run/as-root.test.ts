/**
 * As root, the workers drop their privileges, so that a lock made of permissions is measured as its users have it; told
 * to stay root, the verdict catches what permissions do not stop.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { resultSchema } from '../../../bench/measure/result/result-schema.js';
import {
  copyProgram,
  hasCommand,
  isRoot,
  lockbench,
  needs,
  program,
  temporaryDirectory,
} from '../../support/support.js';

const TRUNC = [
  'run',
  '--strategies',
  'trunc',
  '--processes',
  '2',
  '--increments',
  '3000',
  '--rounds',
  '1',
  '--quiet',
];

test('mode 0 excludes when root runs it, since its workers are not root', async (t) => {
  if (!needs(t, isRoot, 'only root can drop privileges')) return;
  const { code, stdout } = await lockbench([...TRUNC, '--json', '-', '--dir', temporaryDirectory(t)]);
  const { cells, environment } = resultSchema.parse(JSON.parse(stdout));
  assert.equal(cells[0]?.state, 'measured');
  assert.notEqual(environment.workers, null);
  assert.equal(code, 0);
});

test('mode 0 is caught when the workers stay root, which breaks no claim', async (t) => {
  if (!needs(t, isRoot, 'only root can stay root')) return;
  const { code, stdout } = await lockbench([
    ...TRUNC,
    '--stay-root',
    '--json',
    '-',
    '--dir',
    temporaryDirectory(t),
  ]);
  const { cells, environment } = resultSchema.parse(JSON.parse(stdout));
  assert.equal(cells[0]?.state, 'failed-verdict');
  assert.equal(environment.workers, null);
  assert.equal(code, 0);
});

test('a clone that the workers’ user cannot read works all the same', async (t) => {
  if (!needs(t, isRoot, 'only root can drop privileges')) return;
  const closed = join(temporaryDirectory(t), 'closed');
  mkdirSync(closed);
  t.after(() => rmSync(closed, { recursive: true, force: true }));
  const copied = copyProgram(closed, 'node_modules');
  chmodSync(closed, 0o700);
  const { code, stderr } = await lockbench(
    [
      'run',
      '--strategies',
      'fcntl,flock-fs-ext',
      '--processes',
      '2',
      '--increments',
      '100',
      '--rounds',
      '1',
      '--quiet',
    ],
    { program: copied },
  );
  assert.equal(code, 0, stderr);
});

test('root that may not look into the directories of others leaves nothing behind, either', async (t) => {
  if (!needs(t, isRoot, 'only root can drop privileges')) return;
  if (!needs(t, hasCommand('setpriv', '--version'), 'setpriv is missing; apt-get install util-linux')) return;
  const directory = temporaryDirectory(t);
  const run = [program, 'run', '--strategies', 'excl,mkdir', '--processes', '1', '--increments', '100'];
  const { status, stderr } = spawnSync(
    'setpriv',
    [
      ...['--bounding-set', '-dac_override,-dac_read_search', process.execPath],
      ...[...run, '--rounds', '1', '--min-round', '1ns', '--quiet', '--dir', directory],
    ],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  assert.deepEqual(readdirSync(directory), []);
});
