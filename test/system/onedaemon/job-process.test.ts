/**
 * The command of a daemon runs as it would without one: signals, exit codes, environment, descriptors.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type LaunchJob, READY } from '../../../bench/onedaemon/launch-job.js';
import { type Address, fcntl } from '../../../strategies/posix/libc.js';
import { socketPair } from '../../../strategies/posix/spawn.js';
import { Bench, nameOf, textOf } from '../../support/daemons.js';
import { until } from '../../support/limit.js';
import { hasCommand, needs, program } from '../../support/support.js';

const LAUNCHER = fileURLToPath(new URL('../../../bench/onedaemon/launch.js', import.meta.url));
const F_SETFL = 4;

/** A command that writes down each signal it gets, and ends by none but the last. */
const RECORDER = `
const { appendFileSync } = require('node:fs');
const [log, last] = process.argv.slice(1);
for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGWINCH', 'SIGTERM'])
  process.on(signal, () => {
    appendFileSync(log, signal + '\\n');
    if (signal === last) process.exit(42);
  });
appendFileSync(log, 'ready\\n');
setInterval(() => {}, 1e9);
`;

const recorder = (log: string): string[] => [process.execPath, '-e', RECORDER, log, 'SIGTERM'];
const linesOf = (path: string): string[] => (textOf(path) ?? '').split('\n').filter((line) => line !== '');

describe('signals', () => {
  for (const signal of [
    'SIGHUP',
    'SIGINT',
    'SIGQUIT',
    'SIGUSR1',
    'SIGUSR2',
    'SIGALRM',
    'SIGWINCH',
  ] as const) {
    test(`${signal} reaches the command once`, async (t) => {
      const bench = new Bench(t, 'fcntl');
      const log = join(bench.directory, 'log');
      const daemon = bench.start(recorder(log));
      await until('the command is ready', () => linesOf(log).length === 1);
      daemon.kill(signal);
      await until('it came', () => linesOf(log).length > 1);
      daemon.kill('SIGTERM');
      assert.equal((await daemon.ended).code, 42, "the exit code is the command's");
      assert.deepEqual(linesOf(log), ['ready', signal, 'SIGTERM']);
      assert.equal(bench.pid, '');
    });
  }

  test('what is typed at a terminal reaches the command once', async (t) => {
    if (!needs(t, hasCommand('script'), 'script(1) is missing; apt-get install bsdutils')) return;
    const bench = new Bench(t, 'fcntl');
    const log = join(bench.directory, 'log');
    const words = [
      process.execPath,
      program,
      'onedaemon',
      '--pidfile',
      bench.pidFile,
      '--',
      ...recorder(log),
    ];
    const line = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    const terminal = spawn('script', ['-qec', line, '/dev/null'], { stdio: ['pipe', 'ignore', 'ignore'] });
    t.after(() => terminal.kill('SIGKILL'));
    await until('the command is ready', () => linesOf(log).length === 1);
    const daemon = Number(bench.pid);
    t.after(() => bench.end(daemon));
    terminal.stdin.write('\x03');
    await until('it came', () => linesOf(log).length > 1);
    process.kill(daemon, 'SIGTERM');
    await until('it ended', () => nameOf(daemon) === null);
    assert.deepEqual(linesOf(log), ['ready', 'SIGINT', 'SIGTERM']);
  });

  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const) {
    test(`without a command ${signal} ends it with ${code}`, async (t) => {
      const bench = new Bench(t, 'fcntl');
      const daemon = bench.start([]);
      await until('its pid is there', () => bench.pid === `${daemon.pid}\n`);
      daemon.kill(signal);
      assert.equal((await daemon.ended).code, code);
      assert.equal(bench.pid, '');
    });
  }
});

describe('exit codes', () => {
  test("the command's own, and 128 and the number of the signal that ended it", async (t) => {
    const bench = new Bench(t, 'fcntl');
    for (const [line, code] of [
      ['exit 0', 0],
      ['exit 7', 7],
      ['exit 75', 75],
      ['kill -KILL $$', 137],
      ['kill -SEGV $$', 139],
    ] as const) {
      assert.equal((await bench.run(['sh', '-c', line])).code, code, line);
    }
  });

  test('127 for a command that is not there, 126 for one that cannot be executed, as in a shell', async (t) => {
    const bench = new Bench(t, 'fcntl');
    const script = join(bench.directory, 'script');
    writeFileSync(script, 'exit 9\n');
    for (const [command, code] of [
      ['no-such-command', 127],
      [join(bench.directory, 'none'), 127],
      [script, 126],
      [bench.directory, 126],
    ] as const) {
      const inShell = spawnSync('sh', ['-c', '"$0"', command]).status;
      const { code: came, stderr } = await bench.run([command]);
      assert.deepEqual([came, inShell], [code, code], stderr);
      assert.match(stderr, /^lockbench: [^\n]+\((ENOENT|EACCES)\b[^\n]*\)\n$/);
      assert.ok(stderr.includes(command), stderr);
      assert.equal(bench.pid, '');
    }
    chmodSync(script, 0o755);
    assert.equal((await bench.run([script])).code, 9, 'a script without its first line');
  });
});

describe('the command has', () => {
  test('our environment, and what is meant for Node does nothing in between', async (t) => {
    const bench = new Bench(t, 'fcntl');
    const [log, counted] = [join(bench.directory, 'log'), join(bench.directory, 'counted.cjs')];
    writeFileSync(counted, `require('node:fs').appendFileSync(${JSON.stringify(log)}, 'loaded\\n');`);
    const env = { PATH: process.env.PATH, 'foo.bar': '1', EMPTY: '', NODE_OPTIONS: `--require=${counted}` };
    const { stdout } = await bench.run(['cat', '/proc/self/environ'], [], { env });
    const entries = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    assert.deepEqual(stdout.split('\0').filter(Boolean).sort(), entries.sort());
    assert.deepEqual(linesOf(log), ['loaded']);
  });

  test('the same signals ignored and blocked, and the same directory, as without us', async (t) => {
    const bench = new Bench(t, 'fcntl');
    const line = 'grep -E "^Sig(Blk|Ign)" /proc/self/status; pwd; umask';
    const { stdout } = await bench.run(['sh', '-c', line], [], { cwd: bench.directory });
    const direct = spawnSync('sh', ['-c', line], { cwd: bench.directory, encoding: 'utf8' });
    assert.equal(stdout, direct.stdout);
  });
});

describe('standard streams that do not wait', () => {
  test('wait again for the command, whose writes would fail where a reader is slow', async (t) => {
    const bench = new Bench(t, 'fcntl');
    const { stdout } = await bench.run(['sh', '-c', 'grep -h flags /proc/self/fdinfo/1 /proc/self/fdinfo/2']);
    const flags = [...stdout.matchAll(/^flags:\s+([0-7]+)$/gm)].map(([, octal = '']) =>
      Number.parseInt(octal, 8),
    );
    assert.equal(flags.length, 2, stdout);
    for (const one of flags) assert.equal(one & constants.O_NONBLOCK, 0, stdout);
  });

  test('wait for the word to begin, too, which some versions of Node read by the same socket', async (t) => {
    const [ours, its] = socketPair();
    fcntl(its, F_SETFL, constants.O_NONBLOCK as Address);
    const job: LaunchJob = { parentPid: process.pid, inherit: false, environment: {} };
    const launcher = spawn(process.execPath, [LAUNCHER, JSON.stringify(job), 'true'], {
      stdio: ['ignore', 'ignore', 'ignore', 'ignore', its, 'ignore'],
    });
    t.after(() => launcher.kill('SIGKILL'));
    const code = new Promise((resolve) => launcher.on('close', resolve));
    closeSync(its);
    const report = new Socket({ fd: ours, readable: true, writable: true });
    let said = '';
    report.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await until('it is ready', () => said.includes(READY));
    await until('it waits', () => / S /.test(textOf(`/proc/${launcher.pid}/stat`) ?? ' S '));
    report.write('.');
    assert.equal(await code, 0, said);
    assert.equal(said, READY);
  });
});

test('a command whose start is killed before it has begun does not begin', async (t) => {
  const bench = new Bench(t, 'fcntl');
  const sign = join(bench.directory, 'sign');
  const { daemon, launcher } = await bench.stoppedStart(['touch', sign]);
  // That of a start that was stopped too late.
  rmSync(sign, { force: true });
  daemon.kill('SIGKILL');
  // Its streams are open as long as the stopped one has them.
  await until('the start is dead', () => nameOf(daemon.pid) === null);
  // It may have been killed along with the start.
  if (nameOf(launcher) !== null) process.kill(launcher, 'SIGCONT');
  await until('it has ended', () => nameOf(launcher) === null);
  assert.ok(!existsSync(sign), 'it ran without a lock');
});
