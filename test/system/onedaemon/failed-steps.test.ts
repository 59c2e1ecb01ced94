/**
 * Steps that fail, and processes that are killed between two steps: a start ends at once and says why, the command has run
 * or it has not, the exit code is the right one, and the lock is free.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { Bench, nameOf, type Stopped, textOf, wayNames } from '../../support/daemons.js';
import { inNamespaces, OURS } from '../../support/namespaces.js';
import { hasCommand, isRoot, needs } from '../../support/support.js';

const wordsOf = (bench: Bench, way: string, command: readonly string[]): string[] => [
  ...OURS,
  ...['onedaemon', '--pidfile', bench.pidFile, '--by', way, '--', ...command],
];

/** The program under another, which has some of its calls fail; null where that is not to be had. */
function runBy(t: TestContext, prefix: readonly string[], words: readonly string[]) {
  const [name = '', ...options] = prefix;
  if (!needs(t, hasCommand(name, ...options, 'true'), `${name} is missing, or may not do that here`))
    return null;
  return spawnSync(name, [...options, ...words], { encoding: 'utf8' });
}

const strace = (...inject: string[]): string[] => ['strace', '-f', '-qq', '-o', '/dev/null', ...inject];

describe('a pid that cannot be written ends the start at once, and names the errno', () => {
  for (const way of wayNames) {
    for (const [what, prefix, errno] of [
      ['a limit of file sizes', ['prlimit', '--fsize=0'], 'EFBIG'],
      ['an error of the disk', null, 'EIO'],
    ] as const) {
      test(`${way}: ${what}`, async (t) => {
        const bench = new Bench(t, way);
        writeFileSync(bench.pidFile, '');
        const by = prefix ?? strace('-P', bench.pidFile, '-e', 'inject=write,pwrite64:error=EIO');
        const ended = runBy(t, by, wordsOf(bench, way, ['echo', 'ran']));
        if (ended === null) return;
        // These make files of their own before that, and cannot: the way does not work there.
        const code = ['excl-pid', 'shm-flag'].includes(way) && errno === 'EFBIG' ? 2 : 3;
        assert.deepEqual([ended.status, ended.stdout], [code, ''], ended.stderr);
        assert.match(ended.stderr, new RegExp(`^lockbench: [^\\n]*${errno}[^\\n]*\\n$`));
        assert.equal(bench.pid, '');
        assert.equal((await bench.run(['true'])).code, 0, 'the lock is free');
      });
    }
  }

  test('a full file system', (t) => {
    const fill =
      'mount -t tmpfs -o size=8k none /mnt; touch /mnt/x.pid; cat /dev/zero >/mnt/fill 2>/dev/null';
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
});

test('without room for more processes the command is not started, and one line says so', (t) => {
  const bench = new Bench(t, 'fcntl');
  if (!needs(t, isRoot, 'only root may become another user, of whom nothing else runs')) return;
  // Node 20 has 11 threads: room for lockbench, and for a process of one thread.
  const user = ['setpriv', '--reuid=65531', '--regid=65531', '--clear-groups', 'prlimit', '--nproc=12'];
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

for (const way of wayNames) {
  test(`${way}: an end that cannot be tidied keeps the command's exit code, and says so`, async (t) => {
    const bench = new Bench(t, way);
    writeFileSync(bench.pidFile, '');
    // The first time it is emptied for the pid, the second time at the end.
    const inject = strace('-P', bench.pidFile, '-e', 'inject=ftruncate:error=EIO:when=2');
    const ended = runBy(t, inject, wordsOf(bench, way, ['sh', '-c', 'exit 7']));
    if (ended === null) return;
    assert.equal(ended.status, 7, ended.stderr);
    assert.match(ended.stderr, /^lockbench: the pid could not be removed from \S+x\.pid: EIO[^\n]*\n$/);
    assert.equal((await bench.run(['sh', '-c', 'exit 7'])).code, 7, 'the lock is free');
  });
}

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
