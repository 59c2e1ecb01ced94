/**
 * Steps that fail, and processes that are killed between two steps: a start ends at once and says why, the command has run
 * or it has not, the exit code is the right one, and the lock is free.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { Bench, nameOf, type Stopped, textOf } from '../../support/daemons.js';
import { runBy, testFailedWrites, wordsOf } from '../../support/failed-writes.js';
import { inNamespaces, OURS } from '../../support/namespaces.js';
import { isRoot, needs } from '../../support/support.js';

testFailedWrites(['fcntl', 'shm-flag']);

test('a pid that cannot be written to a full file system', (t) => {
  const fill = 'mount -t tmpfs -o size=8k none /mnt; touch /mnt/x.pid; cat /dev/zero >/mnt/fill 2>/dev/null';
  const start = `${OURS.join(' ')} onedaemon --pidfile /mnt/x.pid --`;
  const played = inNamespaces(
    t,
    ['-m'],
    `${fill}; ${start} echo ran; echo $?; rm /mnt/fill; ${start} echo ran; echo $?`,
  );
  if (played === null) return;
  assert.equal(played.stdout, '3\nran\n0\n', played.stderr);
  assert.match(played.stderr, /^lockbench: the pid could not be written to \/mnt\/x\.pid: ENOSPC[^\n]*\n$/);
});

test('without room for more processes the command is not started, and one line says so', (t) => {
  const bench = new Bench(t, 'fcntl');
  if (!needs(t, isRoot, 'only root may become another user, of whom nothing else runs')) return;
  // Node 20 has 11 threads: room for lockbench, and for a process of one thread.
  const uid = 100_000 + process.pid;
  const user = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', 'prlimit', '--nproc=12'];
  const ended = runBy(t, user, wordsOf(bench, 'fcntl', ['echo', 'ran']));
  if (ended === null) return;
  if (!needs(t, ended.stderr.startsWith('lockbench: '), 'this Node has more threads')) return;
  assert.deepEqual([ended.status, ended.stdout], [3, '']);
  assert.match(ended.stderr, /^lockbench: the command could not be started: [^\n]*EAGAIN[^\n]*\n$/);
  assert.equal(bench.pid, '');
});

/**
 * A start whose process that is to become the command is stopped before it is ready, which it cannot be without the library
 * that it calls the system by.
 */
const stopped = (bench: Bench): Promise<Stopped> =>
  bench.stoppedStart(
    ['sleep', '1000'],
    (launcher) =>
      !(textOf(`/proc/${launcher}/maps`) ?? 'koffi').includes('koffi') && nameOf(launcher) !== 'sleep',
  );

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
  ['SIGUSR1', 138],
] as const) {
  test(`${signal} ends a start whose command does not begin, with ${code}`, async (t) => {
    const bench = new Bench(t, 'fcntl');
    const { daemon, launcher } = await stopped(bench);
    daemon.kill(signal);
    assert.deepEqual(await daemon.ended, { code, signal: null, stdout: '', stderr: '' });
    assert.equal(nameOf(launcher), null);
    assert.equal(bench.pid, '');
  });
}

test('a command that is killed before it begins ended by that signal', async (t) => {
  const bench = new Bench(t, 'fcntl');
  for (let round = 0; round < 3; round++) {
    const { daemon, launcher } = await stopped(bench);
    process.kill(launcher, 'SIGKILL');
    assert.deepEqual(await daemon.ended, { code: 137, signal: null, stdout: '', stderr: '' });
    assert.equal(bench.pid, '');
  }
});

test("a real-time signal ended the command: its exit code is a shell's, and not 0", async (t) => {
  const bench = new Bench(t, 'fcntl');
  assert.equal((await bench.run(['sh', '-c', 'kill -35 $$'])).code, 128 + 35);
});

test('as process 1 it reaps what loses its parent, passes signals on and ends with the right code', (t) => {
  const bench = new Bench(t, 'fcntl');
  const orphans =
    'for i in 1 2 3 4 5; do (sleep 0 &) ; done; until [ "$(ps -eo stat= | grep -c Z)" = 0 ]; do sleep 0.1; done';
  const kinds = ['-pf', '--mount-proc'];
  const start = `exec ${wordsOf(bench, 'fcntl', ['sh', '-c']).join(' ')}`;
  for (const [line, code] of [
    [`${orphans}; exit 9`, 9],
    ['kill -TERM 1; sleep 1000', 143],
  ] as const) {
    const played = inNamespaces(t, kinds, `${start} '${line}'`);
    if (played === null) return;
    assert.equal(played.status, code, played.stderr);
  }
});

test('no descriptor above 2 reaches the command, whatever its number', async (t) => {
  const bench = new Bench(t, 'fcntl');
  const command = wordsOf(bench, 'fcntl', ['sh', '-c', 'echo /proc/$$/fd/*']);
  const line = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const ended = spawnSync('bash', ['-c', `exec 9</dev/null 20</dev/null 200</dev/null; ${line}`], {
    encoding: 'utf8',
  });
  // The shell reads its list by 3.
  const numbers = ended.stdout
    .trim()
    .split(' ')
    .map((path) => path.split('/').at(-1));
  assert.deepEqual(numbers, ['0', '1', '2', '3'], ended.stderr);
});
