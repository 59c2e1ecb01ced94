/**
 * Rounds with fresh inodes: each lies in a directory whose parent has the file system spread what is made in it, the result
 * says so, and nothing of it is left, not even by a run that was killed.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileSystemOf, hasBlockGroups } from '../../../bench/machine/file-system.js';
import { freshName } from '../../../bench/machine/owner-name.js';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import { memoryDirectory } from '../../../bench/measure/parent/preflight.js';
import { makeRoundDirectory } from '../../../bench/measure/parent/round-directory.js';
import { resultSchema } from '../../../bench/measure/result/result-schema.js';
import { loadStrategy } from '../../../strategies/index.js';
import { plainEnv } from '../../support/printed.js';
import { childrenOf } from '../../support/processes.js';
import { measured, tiny } from '../../support/short-runs.js';
import { hasCommand, lockbench, needs, start, temporaryDirectory } from '../../support/support.js';

const ONE_LOCK = [...tiny, '--fresh-inodes', '--processes', '1', '--strategies', 'excl'];

/** A directory on ext4, or null and the test is skipped. */
function onExt4(t: TestContext): string | null {
  const directory = temporaryDirectory(t);
  const mount = fileSystemOf(directory);
  return needs(t, mount !== null && hasBlockGroups(mount), 'the temporary directory is not on ext4')
    ? directory
    : null;
}

test('the directory of a round lies in one that spreads, and belongs to the workers', async (t) => {
  const parent = onExt4(t);
  if (parent === null || !needs(t, hasCommand('lsattr', '-V'), 'there is no lsattr (e2fsprogs)')) return;
  const identity = unprivilegedIdentity();
  const token = freshName();
  const none = await loadStrategy('none');
  const made = makeRoundDirectory(parent, 1, none, identity, token, { freshInodes: true });
  const { dir } = made.job;
  assert.equal(dirname(dirname(dir)), parent);
  assert.match(spawnSync('lsattr', ['-d', dirname(dir)], { encoding: 'utf8' }).stdout, /^\S*T\S* /);
  assert.equal(statSync(dir).uid, identity?.uid ?? process.getuid?.());
  made.destroy();
  assert.deepEqual(readdirSync(parent), []);
});

test('the result says of which cells that is so, and the tables do', async (t) => {
  const parent = onExt4(t);
  if (parent === null) return;
  const memory = temporaryDirectory(t, memoryDirectory());
  const args = [...ONE_LOCK, '--dir', parent, '--dir', memory, '--all', '--json', `${parent}/result.json`];
  const { code, stdout, stderr } = await lockbench(args, { env: plainEnv });
  assert.equal(code, 0, stderr);
  const cells = measured(readFileSync(`${parent}/result.json`, 'utf8')).map(
    ({ conditions: { directory, freshInodes } }) => [directory.path, freshInodes],
  );
  assert.deepEqual(cells, [
    [parent, true],
    [memory, undefined],
  ]);
  assert.match(stdout, /1 process, fresh inodes/);
  assert.deepEqual(readdirSync(parent), ['result.json']);
});

test('where no directory has such inodes, the option is refused', async (t) => {
  const memory = temporaryDirectory(t, memoryDirectory());
  const { code, stderr } = await lockbench([...ONE_LOCK, '--dir', memory]);
  assert.equal(code, 2);
  assert.match(
    stderr,
    /--fresh-inodes: a directory on ext2, ext3 or ext4 was expected, .* is on tmpfs; name another/,
  );
});

test('what a killed run left is removed by the next', async (t) => {
  const parent = onExt4(t);
  if (parent === null) return;
  const run = start([...ONE_LOCK, '--rounds', '1000', '--dir', parent]);
  // Made by its keeper, a process of its own.
  while (!readdirSync(parent).some((name) => name.startsWith('lockbench.'))) await pause(5);
  run.kill('SIGKILL');
  await run.ended;
  while (childrenOf(run.pid).length > 0) await pause(5);
  const { stdout } = await lockbench([...ONE_LOCK, '--dir', parent, '--json', '-']);
  assert.equal(resultSchema.parse(JSON.parse(stdout)).cells.length, 1);
  assert.deepEqual(readdirSync(parent), []);
});
