/**
 * Names of directories, files and processes that would colour the terminal, move its cursor, or turn around what is read:
 * no command prints them as they are, neither where all is well nor where it refuses.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { quoted } from '../../../bench/base/visible.js';
import { lockbench, temporaryDirectory } from '../../support/support.js';

const HOSTILE = '\x1b[31mred\x1b]0;title\x07\u009b2J\x7f\u202ednib\r\nlockbench: all well';
/** Anything but the end of a line and what makes colours of our own, which no stream of these tests shows. */
const HARMFUL = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u;

function hostileDirectory(t: TestContext): string {
  const directory = join(temporaryDirectory(t), HOSTILE);
  mkdirSync(directory, { mode: 0o777 });
  return directory;
}

async function assertHarmless(args: readonly string[], cwd: string): Promise<void> {
  const { stdout, stderr } = await lockbench(args, { cwd });
  const what = `lockbench ${JSON.stringify(args)}`;
  assert.notEqual(stdout + stderr, '', what);
  for (const text of [stdout, stderr]) {
    assert.doesNotMatch(text, HARMFUL, what);
    assert.doesNotMatch(text, /^lockbench: all well/m, what);
  }
}

const short = ['--strategies', 'fcntl,none', '--rounds', '1', '--increments', '100', '--min-round', '1ms'];

test('no command prints the name of a directory as it is', { timeout: 600_000 }, async (t) => {
  const directory = hostileDirectory(t);
  const cwd = temporaryDirectory(t);
  for (const args of [
    ['run', ...short, '--processes', '1', '--verbose', '--latency', '--dir', directory],
    ['run', ...short, '--processes', '1', '--quiet', '--json', '-', '--dir', directory],
    ['pairs', 'fcntl', '--samples', '10', '--dir', directory],
    ['doctor', 'fcntl', 'excl', directory],
    ['list', 'fcntl', directory],
    ['list', directory, '--json', '-'],
    ['explain', 'fcntl', directory],
    ['choose', '--local', 'fcntl', directory],
    ['crash', 'fcntl', '--events', 'kill', '--dir', directory],
    ['order', 'fcntl', '--dir', directory],
    ['compat', 'fcntl', 'excl', '--handoffs', '0', '--verbose', '--dir', directory],
    ['prove', 'fcntl', '--handoffs', '100', directory],
  ]) {
    await t.test(args[0] ?? '', () => assertHarmless(args, cwd));
  }
});

test('no refusal prints a word as it is', { timeout: 600_000 }, async (t) => {
  const cwd = temporaryDirectory(t);
  const missing = join(cwd, HOSTILE);
  for (const args of [
    [HOSTILE],
    ['run', '--dir', missing],
    ['run', '--strategies', HOSTILE],
    ['run', '--json', join(missing, 'x')],
    ['run', '--record', HOSTILE],
    ['run', `--${HOSTILE}`],
    ['explain', HOSTILE],
    ['onedaemon', '--pidfile', join(missing, 'x.pid'), '--', 'true'],
    ['onedaemon', '--pidfile', join(cwd, 'x.pid'), '--by', HOSTILE],
    ['onedaemon', '--pidfile', join(cwd, 'x.pid'), '--', missing],
  ]) {
    await t.test(quoted(args.join(' ')), () => assertHarmless(args, cwd));
  }
});

test('a record has no name of a directory as it is', { timeout: 600_000 }, async (t) => {
  const directory = hostileDirectory(t);
  const cwd = temporaryDirectory(t);
  await lockbench(['run', ...short, '--processes', '1', '--quiet', '--record', 'r', '--dir', directory], {
    cwd,
  });
  for (const file of ['README.md', 'result.json']) {
    assert.doesNotMatch(readFileSync(join(cwd, 'results', 'r', file), 'utf8'), HARMFUL, file);
  }
});

test('no other form of a result has the name of a directory as it is', { timeout: 600_000 }, async (t) => {
  const directory = hostileDirectory(t);
  const cwd = temporaryDirectory(t);
  const files = ['x.csv', 'x.md', 'x.html'];
  const forms = ['--export-csv', 'x.csv', '--export-markdown', 'x.md', '--html', 'x.html'];
  for (const args of [
    ['run', ...short, '--processes', '1'],
    ['pairs', 'fcntl', '--samples', '10'],
    ['compat', 'fcntl', 'excl', '--handoffs', '0'],
    ['crash', 'fcntl', '--events', 'kill'],
    ['order', 'fcntl', '--times', '1'],
  ]) {
    await t.test(args[0] ?? '', async () => {
      await lockbench([...args, ...forms, '--quiet', '--dir', directory], { cwd });
      for (const file of files) {
        const path = join(cwd, file);
        // A carriage return is part of the end of a line of CSV.
        assert.doesNotMatch(readFileSync(path, 'utf8').replaceAll('\r\n', '\n'), HARMFUL, file);
        rmSync(path);
      }
    });
  }
});

test('a second start does not print the name of the first as it is', { timeout: 600_000 }, async (t) => {
  const cwd = temporaryDirectory(t);
  const pidFile = join(cwd, HOSTILE.replaceAll('/', ''));
  // The kernel's name of a process: what it was executed as, cut to 15 bytes.
  const named = join(cwd, '\x1b[31m\n\x7f\u202e');
  copyFileSync('/bin/sleep', named, 0);
  const daemon = spawn(
    process.execPath,
    [join(process.cwd(), 'bin', 'lockbench.mjs'), 'onedaemon', '--pidfile', pidFile, '--', named, '600'],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  t.after(() => daemon.kill());
  while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '') await setTimeout(50);
  await assertHarmless(['onedaemon', '--pidfile', pidFile, '--', 'true'], cwd);
  daemon.kill();
  await once(daemon, 'exit');
});
