/**
 * `doctor` describes each directory that it was given, whatever is the matter with it or with another.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Diagnosis, nextSteps, sentence, verdict } from '../../../bench/doctor/diagnosis.js';
import { lockReach } from '../../../bench/machine/lock-reach.js';
import { hasCommand, isRoot, lockbench, needs, program, temporaryDirectory } from '../../support/support.js';

test('one directory that is not there does not hide another', async (t) => {
  const directory = temporaryDirectory(t);
  const missing = join(directory, 'missing');
  const { code, stdout } = await lockbench([
    'doctor',
    'fcntl',
    '--verbose',
    '--dir',
    missing,
    '--dir',
    directory,
  ]);
  assert.equal(code, 3);
  assert.match(stdout, /^\/.*missing \(unknown file system\): cannot be used: .*does not exist/m);
  assert.match(stdout, /missing: .*\n {2}cannot be used: .*does not exist/);
  assert.match(stdout, /fcntl +works/);
});

test('a read-only mount is described, and the other directories are', async (t) => {
  if (!needs(t, isRoot && hasCommand('unshare', '-m', 'true'), 'mounting needs root')) return;
  const home = temporaryDirectory(t);
  const [closed, open] = [join(home, 'closed'), join(home, 'open')];
  for (const path of [closed, open]) mkdirSync(path, { mode: 0o777 });
  const script =
    'mount -t tmpfs -o ro none "$1" && exec "$2" "$3" doctor fcntl --verbose --dir "$1" --dir "$4"';
  const { status, stdout } = spawnSync(
    'unshare',
    ['-m', 'sh', '-c', script, 'sh', closed, process.execPath, program, open],
    { encoding: 'utf8' },
  );
  assert.match(stdout, /closed: tmpfs, (\S+, )*ro\b.*\n {2}cannot be used: .*read-only/);
  assert.match(stdout, /open: [\s\S]*fcntl +works/);
  assert.equal(status, 3);
});

const diagnosis = (
  filesystem: string,
  options: readonly string[],
  more: Partial<Diagnosis> = {},
): Diagnosis => ({
  ...{ directory: '/d', problem: null, filesystem, options, mount: null, notes: [] },
  ...{ locks: lockReach({ filesystem, options: [...options] }), strategies: [] },
  ...more,
});

test('one sentence says between whom locks exclude, and the exit code is for scripts', () => {
  const nfs = (...options: string[]): Diagnosis => diagnosis('nfs4', ['vers=4.2', ...options]);
  const refused = { strategies: [{ name: 'fcntl', available: false, reason: 'no locks' } as const] };
  for (const [one, says, oneHost, clients] of [
    [diagnosis('ext4', ['rw']), /no other host shares ext4\.$/, 0, 1],
    [nfs(), /asked of the server \(NFSv4\.2\) and exclude between all its clients\.$/, 0, 0],
    [
      nfs('local_lock=all'),
      /stay on this client \(local_lock=all\): other clients are not excluded\.$/,
      0,
      1,
    ],
    [nfs('nolock', 'local_lock=all'), /\(nolock\): other clients/, 0, 1],
    [
      nfs('local_lock=flock'),
      /flock locks stay on this client .*; use fcntl to exclude other clients\.$/,
      0,
      1,
    ],
    [diagnosis('nfs', ['vers=3']), /between all its clients, as long as its lockd answers\.$/, 0, 0],
    [diagnosis('cifs', ['nobrl']), /\(nobrl\): other clients/, 0, 1],
    [diagnosis('ceph', []), /all hosts that mount it\.$/, 0, 0],
    [diagnosis('fuse.sshfs', []), /other hosts are not excluded\.$/, 0, 1],
    [diagnosis('virtiofs', []), /test from both sides\.$/, 0, 3],
    [diagnosis('fuse.unheard', []), /is not known\.$/, 0, 3],
    [
      diagnosis('ext4', [], { problem: 'it is mounted read-only' }),
      /cannot be used: it is mounted read-only\.$/,
      3,
      3,
    ],
    [diagnosis('nfs4', [], refused), /fcntl cannot be used here/, 1, 1],
  ] as const) {
    assert.match(sentence(one), says);
    assert.ok(sentence(one).startsWith('/d ('));
    assert.deepEqual(
      [verdict([one], 'one-host'), verdict([one], 'nfs-clients')],
      [oneHost, clients],
      sentence(one),
    );
    assert.equal(verdict([one], null), one.problem === null ? 0 : 3);
  }
});

test('doctor begins with the sentence; the list is behind --verbose', async (t) => {
  const directory = temporaryDirectory(t);
  const brief = await lockbench(['doctor', 'fcntl', directory, '--require', 'one-host']);
  assert.equal(brief.code, 0, brief.stderr);
  assert.equal(brief.stdout.trimEnd().split('\n').length, 1, brief.stdout);
  assert.ok(brief.stdout.startsWith(`${directory} (`));
  const long = await lockbench(['doctor', 'fcntl', directory, '--verbose']);
  assert.ok(long.stdout.startsWith(brief.stdout));
  assert.match(long.stdout, /^ {2}fcntl +works; /m);
});

test('where other hosts may share the directory, the next step is to try it from two', () => {
  const next = (filesystem: string, ...options: string[]): string =>
    nextSteps([diagnosis(filesystem, options)], false).join(' · ');
  for (const shared of [next('fuse'), next('nfs4', 'vers=4.2')])
    assert.match(shared, /lockbench hosts --pair \/d/);
  for (const known of [next('ext4', 'rw'), next('nfs', 'vers=3', 'nolock', 'local_lock=all')])
    assert.doesNotMatch(known, /--pair/);
});
