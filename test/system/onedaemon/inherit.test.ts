/**
 * `--inherit`: the command has the lock itself, and so has whatever it leaves running.
 */
import assert from 'node:assert/strict';
import { readlinkSync } from 'node:fs';
import { test } from 'node:test';
import { Bench, nameOf, textOf } from '../../support/daemons.js';
import { until } from '../../support/limit.js';

const INHERIT = ['--inherit'];

test('the pid is that of the command, which stands there before it begins, and has the lock as descriptor 3', async (t) => {
  const bench = new Bench(t, 'flock');
  const line = 'echo $$; cat "$0"; readlink /proc/$$/fd/3';
  const { code, stdout, stderr } = await bench.run(['sh', '-c', line, bench.pidFile], INHERIT);
  assert.equal(code, 0, stderr);
  const [own = '', written, ...open] = stdout.trimEnd().split('\n');
  assert.match(own, /^\d+$/);
  assert.equal(written, own);
  assert.deepEqual(open, [bench.pidFile]);
  assert.equal(bench.pid, '');
});

test('a start that is killed leaves the command, and the lock with it', async (t) => {
  const bench = new Bench(t, 'flock');
  const { daemon, command } = await bench.running(['sleep', '1000'], INHERIT);
  daemon.kill('SIGKILL');
  // Its streams are open as long as the command has them.
  await until('the start is dead', () => nameOf(daemon.pid) === null);
  const { code, stderr } = await bench.run(['true']);
  assert.equal(code, 75);
  assert.ok(stderr.includes(`is sleep (pid ${command}) already running?`), stderr);
  assert.equal(nameOf(command), 'sleep');
  process.kill(Number(bench.pid), 'SIGTERM');
  await until('the command has ended', () => nameOf(command) === null);
  assert.equal((await bench.run(['true'])).code, 0);
});

test('what the command leaves running keeps the lock, after everybody else has ended', async (t) => {
  const bench = new Bench(t, 'flock');
  const { stdout } = await bench.run(['sh', '-c', 'sleep 1000 >/dev/null 2>&1 & echo $! $$'], INHERIT);
  const [left = 0, command = 0] = stdout.split(' ').map(Number);
  t.after(() => bench.end(left));
  const { code, stderr } = await bench.run(['true']);
  assert.equal(code, 75);
  assert.match(stderr, new RegExp(`pid ${command}, which stands there, has ended; a process that inherited`));
  assert.equal(readlinkSync(`/proc/${left}/fd/3`), bench.pidFile);
  process.kill(left, 'SIGKILL');
  await until('it has ended', () => nameOf(left) === null);
  assert.equal((await bench.run(['true'])).code, 0);
});

test('signals and exit codes pass as without it', async (t) => {
  const bench = new Bench(t, 'flock');
  const { daemon, command } = await bench.running(['sleep', '1000'], INHERIT);
  daemon.kill('SIGUSR1');
  assert.equal((await daemon.ended).code, 138);
  assert.equal(textOf(`/proc/${command}/cmdline`) ?? '', '');
  assert.equal((await bench.run(['sh', '-c', 'exit 9'], INHERIT)).code, 9);
  assert.equal((await bench.run(['no-such-command'], INHERIT)).code, 127);
  assert.equal(bench.pid, '');
});
