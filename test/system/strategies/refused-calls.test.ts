/**
 * What a strategy needs only when a holder has died is looked at before anybody relies on it; and what the system refuses is
 * named as what it is.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { hasCommand, isRoot, needs, program, temporaryDirectory } from '../../support/support.js';

/** What the program says where the kernel refuses a call with this error. */
function saidWhere(t: TestContext, call: string, error: string, ...args: string[]) {
  const strace = ['-f', '-qq', '-o', join(temporaryDirectory(t), 'trace')];
  const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:error=${error}`];
  const { stdout, stderr, status } = spawnSync(
    'strace',
    [...strace, ...inject, process.execPath, program, ...args],
    { encoding: 'utf8' },
  );
  return { text: stdout + stderr, status };
}

const traced = (t: TestContext): boolean => needs(t, hasCommand('strace', '-V'), 'strace is needed');

test('without flock a lock that takes over under a guard is unavailable', (t) => {
  if (!traced(t)) return;
  const directory = temporaryDirectory(t);
  const { text } = saidWhere(t, 'flock', 'ENOLCK', 'list', 'excl-pid', 'excl-stale', 'excl', directory);
  for (const name of ['excl-pid', 'excl-stale'])
    assert.match(text, new RegExp(`${name} .*unavailable: .*needs flock, and that was refused: .*ENOLCK`));
  assert.doesNotMatch(text, /^ +excl .*unavailable/m);
});

test('a daemon is not started by a lock that would be stuck, and flock is blamed', (t) => {
  if (!traced(t)) return;
  const pidFile = join(temporaryDirectory(t), 'x.pid');
  const args = ['onedaemon', '--pidfile', pidFile, '--by', 'excl-pid', '--', 'echo', 'ran'];
  const { text, status } = saidWhere(t, 'flock', 'EOPNOTSUPP', ...args);
  assert.equal(status, 2);
  assert.match(text, /needs flock/);
  assert.doesNotMatch(text, /^ran$|hard link/m);
});

test('no semaphore set left is told as their limit, not as a full disk', (t) => {
  if (!needs(t, isRoot && hasCommand('unshare', '-i', 'true'), 'a limit of its own needs root')) return;
  const script = 'echo "32000 1024000000 500 0" >/proc/sys/kernel/sem && exec "$@"';
  const { stdout } = spawnSync(
    'unshare',
    ['-i', 'sh', '-c', script, 'sh', process.execPath, program, 'list', 'sysv-sem', temporaryDirectory(t)],
    { encoding: 'utf8' },
  );
  assert.match(stdout, /limit of semaphore sets.*ipcs -ls/);
  assert.doesNotMatch(stdout, /No space left/);
});
