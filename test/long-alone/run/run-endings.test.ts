/**
 * Whatever ends a run leaves nothing: no process, no file, no shared memory; and what was finished is kept.
 */
import '../../support/own-memory.js';
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { sysvKeys } from '../../../bench/machine/leavings.js';
import { resultSchema } from '../../../bench/measure/result/result-schema.js';
import { keyOf } from '../../../strategies/posix/sysv-semaphore.js';
import { textOf } from '../../support/daemons.js';
import { until } from '../../support/limit.js';
import { childrenOf, endNow, isStopped, leftBy, workersOf } from '../../support/processes.js';
import { lockbench, type Started, start, temporaryDirectory } from '../../support/support.js';

const MEMORY = '/dev/shm';
const LONG = [
  ...['--rounds', '1000', '--increments', '1000', '--min-round', '50ms', '--handoffs', '0', '--quiet'],
];
const strategies = 'excl/sleep:100us,shm-flag/sleep:100us,posix-sem,sysv-sem';

/** A run of two processes that would last for minutes. */
const longRun = (
  strategies: string,
  directory: string,
  json: string,
  more: readonly string[] = [],
): Started =>
  start([
    ...['run', '--strategies', strategies, '--processes', '2', '--dir', directory, '--json', json],
    ...LONG,
    ...more,
  ]);

/** Such a run, in its midst: some rounds are over, workers are alive. */
async function inItsMidst(
  t: TestContext,
  more: readonly string[] = [],
): Promise<{ run: Started; directory: string; json: string }> {
  const directory = join(temporaryDirectory(t), 'tested');
  mkdirSync(directory, { mode: 0o777 });
  const json = join(directory, '..', 'result.json');
  const run = longRun(strategies, directory, json, more);
  t.after(() => run.kill('SIGKILL'));
  await until('the first block is saved', () => existsSync(json));
  await until('workers live', () => workersOf(run.pid).length > 0);
  return { run, directory, json };
}

function assertNothingLeft(run: Started, directory: string, sysv: readonly number[] = []): void {
  assert.deepEqual(childrenOf(run.pid), [], 'processes');
  assert.deepEqual(leftBy(run.pid, [directory, MEMORY]), [], 'names');
  const keys = sysvKeys();
  assert.deepEqual(
    sysv.filter((key) => keys.includes(key)),
    [],
    'System V semaphores',
  );
}

/** Keys of the System V semaphores that a process announced, and that exist. */
function sysvOf(run: Started): number[] {
  const announced = leftBy(run.pid, [MEMORY]).map((path) => keyOf(basename(path)));
  return sysvKeys().filter((key) => announced.includes(key));
}

/** Stops a run, which removes nothing then, at a moment at which this holds. */
function stoppedWhile(run: Started, what: string, holds: () => boolean): Promise<void> {
  let isStopping = false;
  return until(what, () => {
    if (!isStopping) run.kill('SIGSTOP');
    isStopping = !isStopped(run.pid);
    if (isStopping) return false;
    if (holds()) return true;
    run.kill('SIGCONT');
    return false;
  });
}

describe('a run that is ended by', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    test(`${signal} exits with ${code}, keeps what was finished, leaves nothing`, async (t) => {
      const { run, directory, json } = await inItsMidst(t);
      let sysv: number[] = [];
      await until('a System V semaphore is in use', () => {
        sysv = sysvOf(run);
        return sysv.length > 0;
      });
      run.kill(signal);
      const { code: came, stdout } = await run.ended;
      assert.equal(came, code);
      assertNothingLeft(run, directory, sysv);
      const result = resultSchema.parse(JSON.parse(readFileSync(json, 'utf8')));
      assert.equal(result.interruptedBy, signal);
      assert.ok(result.cells.length > 0);
      assert.match(stdout, new RegExp(`Ended early by ${signal}`));
      assert.deepEqual(
        readdirSync(join(directory, '..')).filter((name) => name.endsWith('.part')),
        [],
      );
    });
  }

  test('SIGINT before anything was measured leaves nothing, not even an empty result', async (t) => {
    const directory = temporaryDirectory(t);
    const run = start([
      'run',
      '--strategies',
      strategies,
      '--dir',
      directory,
      '--json',
      join(directory, 'r.json'),
      ...LONG,
    ]);
    await until(
      'the run has begun',
      () => workersOf(run.pid).length > 0 || readdirSync(directory).length > 0,
    );
    run.kill('SIGINT');
    assert.equal((await run.ended).code, 130);
    assertNothingLeft(run, directory);
  });

  test('SIGINT keeps the owner log of the trace rounds, whole, and no half of it', async (t) => {
    const folder = temporaryDirectory(t);
    const { run } = await inItsMidst(t, ['--trace', join(folder, 'trace.csv')]);
    const part = /^trace\.csv\.lockbench-[0-9a-f]+\.part$/;
    assert.match(readdirSync(folder).join(), part, 'it takes its place at the end');
    run.kill('SIGINT');
    assert.equal((await run.ended).code, 130);
    assert.deepEqual(readdirSync(folder), ['trace.csv']);
    const lines = readFileSync(join(folder, 'trace.csv'), 'utf8').split('\r\n');
    const [cells, processes, increments] = [strategies.split(',').length, 2, 1_000];
    assert.equal(lines.length, 1 + cells * processes * increments + 1);
  });

  test('SIGINT in the midst of a proof, before anything was measured, leaves neither log nor result', async (t) => {
    const folder = temporaryDirectory(t);
    const outputs = ['--trace', join(folder, 'trace.csv'), '--json', join(folder, 'result.json')];
    const proof = ['--processes', '2', '--handoffs', '10000000'];
    const run = start([
      ...['run', '--strategies', 'fcntl', '--dir', temporaryDirectory(t), '--quiet'],
      ...[...proof, ...outputs],
    ]);
    t.after(() => run.kill('SIGKILL'));
    await until('a proof has begun', () =>
      // One that was listed may have ended since.
      childrenOf(run.pid).some((pid) => textOf(`/proc/${pid}/cmdline`)?.includes('"kind":"prove"')),
    );
    run.kill('SIGINT');
    assert.equal((await run.ended).code, 130);
    assert.deepEqual(readdirSync(folder), []);
  });

  test('SIGINT after the proofs, before the first timing round is over, keeps them', async (t) => {
    const json = join(temporaryDirectory(t), 'result.json');
    const run = start([
      ...['run', '--strategies', 'fcntl', '--dir', temporaryDirectory(t), '--quiet', '--json', json],
      ...['--processes', '2', '--handoffs', '100', '--min-round', '60s', '--budget', '120s'],
    ]);
    t.after(() => run.kill('SIGKILL'));
    await until('the proof is over', () =>
      workersOf(run.pid).some((pid) => /"kind":"(trace|timing)"/.test(textOf(`/proc/${pid}/cmdline`) ?? '')),
    );
    run.kill('SIGINT');
    assert.equal((await run.ended).code, 130);
    const [cell] = resultSchema.parse(JSON.parse(readFileSync(json, 'utf8'))).cells;
    assert.ok(cell?.state === 'interrupted', cell?.state);
    assert.equal(cell.rounds?.[0]?.kind, 'prove');
  });

  test('SIGKILL takes its workers along, and the next start removes what is left', async (t) => {
    const { run, directory } = await inItsMidst(t);
    await stoppedWhile(run, 'semaphores of both kinds are in use', () => {
      const names = leftBy(run.pid, [MEMORY]).map((path) => basename(path));
      return sysvOf(run).length > 0 && names.some((name) => name.startsWith('sem.'));
    });
    run.kill('SIGKILL');
    await run.ended;
    await until('the workers have died with their parent', () => childrenOf(run.pid).length === 0);
    assert.notDeepEqual(
      leftBy(run.pid, [directory]),
      [],
      'something was expected to be left; the test proves nothing',
    );
    const sysv = sysvOf(run);
    assert.notDeepEqual(sysv, [], 'a System V semaphore was expected to be left');
    const next = await lockbench([
      'run',
      '--strategies',
      'fcntl',
      '--processes',
      '1',
      '--increments',
      '100',
      '--rounds',
      '1',
      '--dir',
      directory,
    ]);
    assert.equal(next.code, 0, next.stderr);
    assert.match(next.stderr, /removed what a killed run left behind/);
    assertNothingLeft(run, directory, sysv);
  });

  test('SIGKILL of a worker is an error of its cell, with a reason, and ends in order', async (t) => {
    const directory = temporaryDirectory(t);
    const json = join(directory, 'result.json');
    const run = longRun('excl', directory, json);
    await until('the first block is saved', () => existsSync(json));
    let isOver = false;
    void run.ended.then(() => {
      isOver = true;
    });
    // The one that is killed may just have told all it had to tell: then another.
    await until('a worker that was killed ends it', () => {
      const [worker] = workersOf(run.pid);
      if (worker !== undefined) endNow(worker);
      return isOver;
    });
    const { code, stdout } = await run.ended;
    assert.equal(code, 3);
    assertNothingLeft(run, directory);
    const { cells, noise } = resultSchema.parse(JSON.parse(readFileSync(json, 'utf8')));
    const [cell] = cells;
    assert.ok(cell?.state === 'errored');
    // The machine is looked at after each block; of a thousand that nobody was left for none was waited out.
    assert.ok(noise.spinNs.length < 1_000, `${noise.spinNs.length} blocks`);
    assert.match(cell.reason, /worker \d+ was ended by SIGKILL/);
    assert.match(stdout, /Did not finish/);
  });

  test('its time limit kills the round, says so, and leaves nothing', async (t) => {
    const directory = temporaryDirectory(t);
    const run = start([
      ...['run', '--strategies', 'fcntl', '--processes', '2', '--dir', directory, '--hold', 'sleep:1s'],
      ...['--rounds', '1', '--time-limit', '1s', '--json', '-', '--quiet'],
    ]);
    const { code, stdout } = await run.ended;
    assert.equal(code, 3);
    const [cell] = resultSchema.parse(JSON.parse(stdout)).cells;
    assert.ok(cell?.state === 'timed-out');
    assert.match(cell.reason, /--time-limit/);
    assertNothingLeft(run, directory);
  });

  test('its budget measures what was done by then', async (t) => {
    const directory = temporaryDirectory(t);
    const { code, stdout } = await lockbench([
      ...['run', '--strategies', 'fcntl', '--processes', '2', '--dir', directory, '--hold', '100us'],
      ...['--rounds', '1', '--budget', '1s', '--no-trace', '--handoffs', '0', '--json', '-', '--quiet'],
    ]);
    assert.equal(code, 0);
    const [cell] = resultSchema.parse(JSON.parse(stdout)).cells;
    assert.ok(cell?.state === 'measured');
    const { rounds, verdict } = cell;
    assert.ok((rounds[0]?.turns ?? 0) > 0 && (rounds[0]?.turns ?? 0) < 20_000);
    assert.equal(verdict.sequence, 'intact');
  });
});
