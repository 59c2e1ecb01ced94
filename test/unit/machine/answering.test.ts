import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { mayNotAnswer } from '../../../bench/machine/answering.js';
import type { Mount } from '../../../bench/machine/mount.js';
import { temporaryDirectory } from '../../support/support.js';

const mount = (id: string, mountPoint: string, filesystem: string): Mount => ({
  ...{ id, parent: id === '1' ? '0' : '1', mountPoint, filesystem },
  ...{ options: [], source: 'x', device: '0:1' },
});

/** A directory in which "served" is said to be another program's file system. */
function place(t: TestContext) {
  const home = realpathSync(temporaryDirectory(t));
  mkdirSync(join(home, 'served'));
  const mounts = [mount('1', '/', 'ext4'), mount('2', join(home, 'served'), 'fuse')];
  return { home, mounts, doubtful: (path: string) => mayNotAnswer(join(home, path), mounts) };
}

test('a path below a file system of another program may have no answer; one beside it has', (t) => {
  const { doubtful } = place(t);
  for (const path of ['served', 'served/a/b']) assert.equal(doubtful(path), true, path);
  for (const path of ['', 'nothing', 'nothing/served', 'served2']) assert.equal(doubtful(path), false, path);
});

test('links are followed, absolute, relative, and within each other', (t) => {
  const { home, doubtful } = place(t);
  symlinkSync('served/x', join(home, 'relative'));
  symlinkSync(join(home, 'relative'), join(home, 'absolute'));
  symlinkSync('..', join(home, 'up'));
  symlinkSync('loop', join(home, 'loop'));
  for (const path of ['relative', 'absolute', 'absolute/y']) assert.equal(doubtful(path), true, path);
  for (const path of ['up', 'loop', 'loop/x']) assert.equal(doubtful(path), false, path);
});

test('a file system that is not known to be the machine’s own may have no answer', () => {
  for (const filesystem of ['nfs4', 'fuse.sshfs', '9p', 'unheard-of'])
    assert.equal(mayNotAnswer('/tmp', [mount('1', '/', filesystem)]), true, filesystem);
});
