/**
 * A file system that does not answer: FUSE whose daemon is stopped. Nothing waits for it but what can be left to itself.
 */
import '../../support/own-memory.js';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { killWithParent } from '../../../bench/machine/tied-processes.js';
import { endKeepers, keepDirectory } from '../../../bench/measure/parent/kept-directories.js';
import { makeApart } from '../../../bench/measure/parent/make-apart.js';
import { NoAnswer } from '../../../bench/measure/parent/patience.js';
import { takeUnremoved } from '../../../bench/measure/parent/unremoved.js';
import { isMeasured } from '../../../bench/measure/result/result.js';
import { resultSchema } from '../../../bench/measure/result/result-schema.js';
import { makeSynchronousDirectory } from '../../../bench/reproduce/75x/synchronous.js';
import { strategy as none } from '../../../strategies/none.js';
import { until } from '../../support/limit.js';
import { childrenOf, isStopped, leftBy, workersOf } from '../../support/processes.js';
import {
  hasCommand,
  isRoot,
  lockbench,
  needs,
  program,
  start,
  temporaryDirectory,
} from '../../support/support.js';

const canMount = isRoot && hasCommand('bindfs') && existsSync('/dev/fuse');

const SYNCHRONOUS = new URL('../../../bench/reproduce/75x/synchronous.js', import.meta.url).href;

const deviceOf = (path: string): string =>
  spawnSync('stat', ['--format=%d', path], { encoding: 'utf8' }).stdout.trim();

/** A directory that a daemon of ours serves; it is unmounted after the test, answering or not. */
async function served(t: TestContext): Promise<{ source: string; mounted: string; daemon: number }> {
  let unmount = (): void => {};
  // Before the directory is removed, which is asked for next.
  t.after(() => unmount());
  const home = temporaryDirectory(t);
  const [source, mounted] = [join(home, 'source'), join(home, 'mounted')];
  for (const directory of [source, mounted]) mkdirSync(directory);
  chmodSync(source, 0o1777);
  // Ends with this process, however that ends: a daemon that is left keeps what it serves mounted.
  const child = spawn(...killWithParent(['bindfs', '-f', source, mounted]), { stdio: 'ignore' });
  const daemon = child.pid ?? 0;
  unmount = () => {
    child.kill('SIGCONT');
    spawnSync('umount', ['--lazy', mounted]);
    child.kill('SIGKILL');
  };
  await until('it is mounted', () => deviceOf(mounted) !== deviceOf(home));
  return { source, mounted, daemon };
}

const LONG = ['--processes', '2', '--increments', '500', '--min-round', '50ms', '--handoffs', '0', '--quiet'];

/** A run on two directories, in the midst of its rounds, one of which has just ceased to answer. */
async function inTheMidst(t: TestContext, rounds: number) {
  const { source, mounted, daemon } = await served(t);
  const other = temporaryDirectory(t);
  const json = join(temporaryDirectory(t), 'result.json');
  const directories = ['--dir', other, '--dir', mounted];
  const measured = [
    '--strategies',
    'fcntl',
    '--rounds',
    String(rounds),
    '--time-limit',
    '15s',
    '--json',
    json,
  ];
  const run = start(['run', ...directories, ...measured, ...LONG]);
  t.after(() => run.kill('SIGKILL'));
  await until('the first block is saved', () => existsSync(json));
  await until(
    'a round in it runs',
    () => leftBy(run.pid, [source]).length > 0 && workersOf(run.pid).length > 0,
  );
  process.kill(daemon, 'SIGSTOP');
  return { source, mounted, daemon, other, json, run };
}

const resultIn = (json: string) => resultSchema.parse(JSON.parse(readFileSync(json, 'utf8')));

const SILENT = /^[^\n]*the file system of "[^"]*" does not answer; [^\n]*\n$/;

test('a directory that is tested itself is made by a process that can be left alone where nobody answers', async (t) => {
  if (!needs(t, canMount, 'mounting needs root, /dev/fuse and bindfs; apt-get install bindfs')) return;
  const { mounted, daemon } = await served(t);
  process.kill(daemon, 'SIGSTOP');
  const place = { directory: mounted, patienceNs: 1e9 };
  await assert.rejects(makeApart(SYNCHRONOUS, makeSynchronousDirectory, place, mounted, null), NoAnswer);
  assert.deepEqual(takeUnremoved(), [
    `${mounted}: the file system does not answer; the next start removes it`,
  ]);
  await endKeepers();
});

// Each waits for half a minute or a whole one, and for little else.
describe('where a file system does not answer', { concurrency: true }, () => {
  test('a directory that ceases to answer times out in words; others are measured, and the next start cleans up', async (t) => {
    if (!needs(t, canMount, 'mounting needs root, /dev/fuse and bindfs; apt-get install bindfs')) return;
    const { source, mounted, daemon, other, json, run } = await inTheMidst(t, 6);
    const { code, stdout, stderr } = await run.ended;
    assert.equal(code, 3, stderr);
    const cells = resultIn(json).cells;
    const cellIn = (directory: string) =>
      cells.find(({ conditions }) => conditions.directory.path === directory);
    const good = cellIn(other);
    assert.ok(good !== undefined && isMeasured(good));
    assert.equal(good.rounds.filter(({ kind }) => kind === 'timing').length, 6);
    const hung = cellIn(mounted);
    assert.ok(hung?.state === 'timed-out', hung?.state);
    assert.equal(hung.reason, 'the file system does not answer');
    assert.match(stdout, /timed-out: the file system does not answer/);
    assert.match(
      stderr,
      /could not be removed: .*the file system does not answer; the next start removes it/,
    );
    assert.deepEqual(leftBy(run.pid, ['/dev/shm', other]), []);
    process.kill(daemon, 'SIGCONT');
    // The keeper of the directory, too: what it was making when all stood still it makes first.
    await until('the processes that were stuck have died', () => childrenOf(run.pid).length === 0);
    assert.notDeepEqual(
      readdirSync(source),
      [],
      'something was expected to be left; the test proves nothing',
    );
    const next = await lockbench([
      'run',
      '--strategies',
      'fcntl',
      '--dir',
      mounted,
      '--rounds',
      '1',
      ...LONG,
    ]);
    assert.equal(next.code, 0, next.stderr);
    assert.deepEqual(readdirSync(source), []);
  });

  test('a directory that is being made when the file system ceases to answer is named, too', async (t) => {
    if (!needs(t, canMount, 'mounting needs root, /dev/fuse and bindfs; apt-get install bindfs')) return;
    const { mounted, daemon } = await served(t);
    process.kill(daemon, 'SIGSTOP');
    const make = () => keepDirectory(mounted, 1, none, null, 1e9);
    await assert.rejects(make(), NoAnswer);
    const [first, ...more] = takeUnremoved();
    assert.match(
      first ?? '',
      /^\/.*\/mounted\/lockbench\..*: the file system does not answer; the next start removes it$/,
    );
    assert.deepEqual(more, []);
    await assert.rejects(make(), NoAnswer);
    assert.deepEqual(takeUnremoved(), [], 'nothing more was asked of it');
    await endKeepers();
  });

  test('a directory that does not answer from the start keeps no other from being measured', async (t) => {
    if (!needs(t, canMount, 'mounting needs root, /dev/fuse and bindfs; apt-get install bindfs')) return;
    const { mounted, daemon } = await served(t);
    const other = temporaryDirectory(t);
    process.kill(daemon, 'SIGSTOP');
    const words = ['--dir', mounted, '--dir', other, '--strategies', 'fcntl', '--json', '-'];
    const { code, stdout, stderr } = await lockbench(['run', ...words, '--rounds', '1', ...LONG]);
    assert.equal(code, 3, stderr);
    assert.equal(stderr, `${JSON.stringify(mounted)} is not measured: its file system does not answer\n`);
    const states = resultSchema
      .parse(JSON.parse(stdout))
      .cells.map((cell) => [cell.conditions.directory.path, cell.state, 'reason' in cell ? cell.reason : '']);
    assert.deepEqual(states, [
      [mounted, 'timed-out', 'the file system does not answer'],
      [other, 'measured', ''],
    ]);
    const pairs = await lockbench(['pairs', 'fcntl', mounted, other, '--samples', '10', '--quiet']);
    assert.equal(pairs.code, 3, pairs.stderr);
    assert.match(pairs.stdout, /^fcntl in [^ ]*mounted: unavailable: the file system does not answer/m);
  });

  test('what is read or kept where nothing answers is told, or done without', async (t) => {
    if (!needs(t, canMount, 'mounting needs root, /dev/fuse and bindfs; apt-get install bindfs')) return;
    const { mounted, daemon } = await served(t);
    const [result, module] = [join(mounted, 'r.json'), join(mounted, 'lock.mjs')];
    const env = { ...process.env, XDG_STATE_HOME: mounted };
    const run = ['run', 'fcntl', '--dir', temporaryDirectory(t), '--rounds', '1', ...LONG];
    process.kill(daemon, 'SIGSTOP');
    const [shown, locked, measured, last] = await Promise.all([
      lockbench(['show', result]),
      lockbench(['run', '--strategies', `fcntl,${module}/spin`, '--dir', temporaryDirectory(t)]),
      lockbench(run, { env }),
      lockbench(['show', 'last'], { env }),
    ]);
    const silent = 'does not answer; name another';
    assert.equal(
      shown.stderr,
      `lockbench: a result was expected, the file system of "${result}" ${silent}, or see what serves this one\n`,
    );
    assert.ok(locked.stderr.includes(`the file system of "${module}" ${silent} module`), locked.stderr);
    assert.match(last.stderr, /^lockbench: "last": the latest run was expected, none is kept;/);
    assert.deepEqual([shown.code, locked.code, measured.code, last.code], [2, 2, 0, 2], measured.stderr);
  });

  test('SIGINT ends a run in a directory that does not answer, with what was finished', async (t) => {
    if (!needs(t, canMount, 'mounting needs root, /dev/fuse and bindfs; apt-get install bindfs')) return;
    const { source, daemon, json, run } = await inTheMidst(t, 1000);
    run.kill('SIGINT');
    const { code, stderr } = await run.ended;
    assert.equal(code, 130, stderr);
    assert.ok(resultIn(json).cells.some(isMeasured));
    const left = leftBy(run.pid, [source]);
    for (const path of left)
      assert.ok(stderr.includes(path.slice(source.length)), `${path} is not named: ${stderr}`);
    process.kill(daemon, 'SIGCONT');
  });

  for (const [name, wordsFor] of Object.entries({
    run: (path: string) => ['run', 'fcntl', '--dir', path],
    'run --json': (path: string) => ['run', '--json', join(path, 'result.json')],
    onedaemon: (path: string) => ['onedaemon', '--pidfile', join(path, 'x.pid'), '--', 'true'],
  })) {
    test(`${name} is refused in one line where nobody answers, through a link, too`, async (t) => {
      if (!needs(t, canMount, 'mounting needs root, /dev/fuse and bindfs; apt-get install bindfs')) return;
      const { mounted, daemon } = await served(t);
      const link = join(temporaryDirectory(t), 'link');
      symlinkSync(mounted, link);
      process.kill(daemon, 'SIGSTOP');
      const both = await Promise.all([mounted, link].map((path) => lockbench(wordsFor(path))));
      for (const { code, stdout, stderr } of both) {
        assert.match(stderr, SILENT);
        assert.deepEqual([code, stdout], [2, '']);
      }
    });
  }

  test('doctor tells of a directory that does not answer, and describes the others', async (t) => {
    if (!needs(t, canMount, 'mounting needs root, /dev/fuse and bindfs; apt-get install bindfs')) return;
    const { mounted, daemon } = await served(t);
    process.kill(daemon, 'SIGSTOP');
    const { code, stdout } = await lockbench(['doctor', 'fcntl', temporaryDirectory(t), mounted]);
    assert.equal(code, 3);
    assert.match(stdout, /the file system of "[^"]*" does not answer/);
    assert.match(stdout, /^\/\S+ \([^)]*\): (?!cannot be used)/m);
  });

  test('SIGTERM ends a start of onedaemon that waits for a file system which has just ceased to answer', async (t) => {
    if (!needs(t, canMount, 'mounting needs root, /dev/fuse and bindfs; apt-get install bindfs')) return;
    const { mounted, daemon } = await served(t);
    const pidFile = join(mounted, 'x.pid');
    // Stopped by the start itself, when it has looked at the words of its command line and has caught no signal yet.
    // Nothing goes on before it stands still: what the daemon has taken and not answered, no signal ends.
    const stat = `require('node:fs').readFileSync('/proc/${daemon}/stat', 'latin1')`;
    const stop = `process.kill(${daemon}, 'SIGSTOP'); while (!/\\) T /.test(${stat}));`;
    const hook = join(temporaryDirectory(t), 'hook.cjs');
    writeFileSync(
      hook,
      `let title = process.title; Object.defineProperty(process, 'title', { get: () => title, set: (t) => { title = t; ${stop}; } });`,
    );
    const child = spawn(
      process.execPath,
      ['--require', hook, program, 'onedaemon', '--pidfile', pidFile, '--', 'true'],
      { stdio: 'ignore' },
    );
    t.after(() => child.kill('SIGKILL'));
    const ended = once(child, 'exit');
    // Whether the signal comes before the call that waits or in its midst: the kernel ends it.
    await until('the daemon of the file system is stopped', () => isStopped(daemon));
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [null, 'SIGTERM']);
  });
});
