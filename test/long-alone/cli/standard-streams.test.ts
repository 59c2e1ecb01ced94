/**
 * Standard output and standard error that are closed, full, or that nobody reads: what is printed ends, cleaning does not,
 * and the exit code tells. Never 1, which says that a claim was broken.
 */
import '../../support/own-memory.js';
import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { sysvKeys } from '../../../bench/machine/leavings.js';
import { resultSchema } from '../../../bench/measure/result/result-schema.js';
import { until } from '../../support/limit.js';
import { childrenOf, leftBy } from '../../support/processes.js';
import { isRoot, needs, program, temporaryDirectory } from '../../support/support.js';
import { readPipe, unreadPipe } from '../../support/unread.js';

const MEMORY = '/dev/shm';
const UNREAD = 141;
const INCOMPLETE = 3;
const BAD_USAGE = 2;
const FAR_FUTURE_MS = 240_000;

type Stream = number | 'pipe';

/** Runs lockbench to its end, its streams being what the test says. */
const run = (args: readonly string[], out: Stream, err: Stream): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [program, ...args], {
    stdio: ['ignore', out, err],
    encoding: 'utf8',
    timeout: FAR_FUTURE_MS,
  });

const short = (t: TestContext): string[] => [
  ...['run', '--strategies', 'excl,shm-flag,posix-sem,sysv-sem', '--processes', '2', '--rounds', '1'],
  ...['--increments', '100', '--min-round', '1ms', '--handoffs', '0', '--dir', temporaryDirectory(t)],
];

const directoryOf = (args: readonly string[]): string => args[args.indexOf('--dir') + 1] ?? '';

function assertNothingLeft(pid: number, args: readonly string[]): void {
  assert.deepEqual(childrenOf(pid), [], 'processes');
  assert.deepEqual(leftBy(pid, [directoryOf(args), MEMORY]), [], 'names');
}

describe('standard output', () => {
  for (const args of [['list'], ['--help']]) {
    test(`of ${args.join(' ')} that nobody reads ends it as SIGPIPE would, without a word`, (t) => {
      const { status, stderr } = run(args, unreadPipe(t), 'pipe');
      assert.equal(stderr, '');
      assert.equal(status, UNREAD);
    });

    test(`of ${args.join(' ')} that is full is said in one line`, () => {
      const { status, stderr } = run(args, openSync('/dev/full', 'w'), 'pipe');
      assert.match(stderr, /^lockbench: standard output cannot be written to: ENOSPC[^\n]*\n$/);
      assert.equal(status, INCOMPLETE);
    });
  }

  test('that takes only the beginning is said to be full', (t) => {
    const folder = temporaryDirectory(t);
    const mount = ['-t', 'tmpfs', '-o', 'size=4k', 'lockbench-test', folder];
    const mounted = isRoot && spawnSync('mount', mount, { stdio: 'ignore' }).status === 0;
    if (!needs(t, mounted, 'mounting a tmpfs needs root')) return;
    try {
      const path = join(folder, 'out');
      writeFileSync(path, Buffer.alloc(3_000));
      const { status, stderr } = run(['list'], openSync(path, 'a'), 'pipe');
      assert.equal(readFileSync(path).length, 4096, 'it was expected not to fit; the test proves nothing');
      assert.match(stderr, /ENOSPC/);
      assert.equal(status, INCOMPLETE);
    } finally {
      spawnSync('umount', ['-l', folder]);
    }
  });

  test('that nobody reads when a run is over: what was measured is kept whole', (t) => {
    const args = short(t);
    const json = join(temporaryDirectory(t), 'result.json');
    const { status, pid } = run([...args, '--quiet', '--json', json], unreadPipe(t), 'pipe');
    assert.equal(status, UNREAD);
    const { cells, interruptedBy } = resultSchema.parse(JSON.parse(readFileSync(json, 'utf8')));
    assert.equal(interruptedBy, null);
    assert.ok(cells.every(({ state }) => state === 'measured'));
    assertNothingLeft(pid, args);
  });
});

describe('standard error', () => {
  test('that nobody reads ends the talk of a run, and not the run', (t) => {
    const args = short(t);
    const { status, stdout, pid } = run(args, 'pipe', unreadPipe(t));
    assert.match(stdout, /excl\/spin/);
    assert.equal(status, UNREAD);
    assertNothingLeft(pid, args);
  });

  test('that is full ends the talk of a run, and not the run', (t) => {
    const args = short(t);
    // Without, nothing would be said there, and nothing lost.
    const { status, stdout, pid } = run([...args, '--verbose'], 'pipe', openSync('/dev/full', 'w'));
    assert.match(stdout, /excl\/spin/);
    assert.equal(status, INCOMPLETE);
    assertNothingLeft(pid, args);
  });

  test('that cannot be written to leaves a refusal its exit code', (t) => {
    for (const err of [openSync('/dev/full', 'w'), unreadPipe(t)]) {
      assert.equal(run(['run', '--strategies', 'no-such'], 'pipe', err).status, BAD_USAGE);
    }
  });
});

test('both being full, a run ends in order', (t) => {
  const args = short(t);
  const full = openSync('/dev/full', 'w');
  const { status, pid } = run(args, full, full);
  assert.equal(status, INCOMPLETE);
  assertNothingLeft(pid, args);
});

test('both being closed, a run is as with /dev/null, and no file of it gets their numbers', (t) => {
  const json = join(temporaryDirectory(t), 'result.json');
  const words = [process.execPath, program, ...short(t), '--json', json].map((word) => `'${word}'`);
  const { status } = spawnSync('sh', ['-c', `exec ${words.join(' ')} <&- >&- 2>&-`], {
    timeout: FAR_FUTURE_MS,
  });
  assert.equal(status, 0);
  resultSchema.parse(JSON.parse(readFileSync(json, 'utf8')));
});

test('a reader of both that goes away in the midst of a run ends it: saved, cleaned, 141', async (t) => {
  const folder = temporaryDirectory(t);
  const json = join(folder, 'result.json');
  const { writer, leave } = readPipe(t);
  const args = [...short(t), '--rounds', '1000', '--min-round', '50ms', '--json', json];
  const before = sysvKeys();
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', writer, writer] });
  t.after(() => child.kill('SIGKILL'));
  const pid = child.pid ?? 0;
  await until('the first block is saved', () => existsSync(json));
  leave();
  const [code] = await once(child, 'exit');
  assert.equal(code, UNREAD);
  assertNothingLeft(pid, args);
  assert.deepEqual(
    sysvKeys().filter((key) => !before.includes(key)),
    [],
    'System V semaphores',
  );
  assert.deepEqual(readdirSync(folder), ['result.json']);
  const { interruptedBy } = resultSchema.parse(JSON.parse(readFileSync(json, 'utf8')));
  assert.equal(interruptedBy, 'SIGPIPE');
});
