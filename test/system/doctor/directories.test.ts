/**
 * `doctor` describes each directory that it was given, whatever is the matter with it or with another.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasCommand, isRoot, lockbench, needs, program, temporaryDirectory } from '../../support/support.js';

test('one directory that is not there does not hide another', async (t) => {
  const directory = temporaryDirectory(t);
  const missing = join(directory, 'missing');
  const { code, stdout } = await lockbench(['doctor', 'fcntl', '--dir', missing, '--dir', directory]);
  assert.equal(code, 3);
  assert.match(stdout, /missing": .*\n {2}cannot be used: .*does not exist/);
  assert.match(stdout, /fcntl +works/);
});

test('a read-only mount is described, and the other directories are', async (t) => {
  if (!needs(t, isRoot && hasCommand('unshare', '-m', 'true'), 'mounting needs root')) return;
  const home = temporaryDirectory(t);
  const [closed, open] = [join(home, 'closed'), join(home, 'open')];
  for (const path of [closed, open]) mkdirSync(path, { mode: 0o777 });
  const script = 'mount -t tmpfs -o ro none "$1" && exec "$2" "$3" doctor fcntl --dir "$1" --dir "$4"';
  const { status, stdout } = spawnSync(
    'unshare',
    ['-m', 'sh', '-c', script, 'sh', closed, process.execPath, program, open],
    { encoding: 'utf8' },
  );
  assert.match(stdout, /closed": tmpfs, (\S+,)?ro\b.*\n {2}cannot be used: .*read-only/);
  assert.match(stdout, /open": [\s\S]*fcntl +works/);
  assert.equal(status, 3);
});
