/**
 * As root, the workers drop their privileges, so that a lock made of permissions is measured as its users have it; told
 * to stay root, the verdict catches what permissions do not stop.
 */
import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { resultSchema } from '../../bench/report/result.js';
import { isRoot, lockbench, needs, temporaryDirectory } from '../support.js';

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
  for (const part of ['bin', 'dist', 'node_modules', 'package.json']) {
    cpSync(new URL(`../../../${part}`, import.meta.url), join(closed, part), { recursive: true });
  }
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
    { program: join(closed, 'bin', 'lockbench.mjs') },
  );
  assert.equal(code, 0, stderr);
});
