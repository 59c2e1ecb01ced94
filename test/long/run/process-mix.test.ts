/**
 * Real runs with readers, with rogues, and with workers that stay on a processor.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { placement, readTopology } from '../../../bench/machine/topology.js';
import { Round } from '../../../bench/measure/parent/round.js';
import { type MeasuredCell, resultSchema } from '../../../bench/measure/result/result-schema.js';
import { allowedProcessors } from '../../../strategies/posix/affinity.js';
import { conclusive } from '../../support/limit.js';
import { specOf } from '../../support/one-round.js';
import { workersOf } from '../../support/processes.js';
import { assertHeld, measured, tiny } from '../../support/short-runs.js';
import { lockbench, needs, temporaryDirectory } from '../../support/support.js';

const rolesOf = ({ rounds }: MeasuredCell): string[][] =>
  rounds.map(({ workers }) => workers.map(({ role }) => role));

test('fcntl among which one goes without the lock lets two in and loses, which breaks no claim', async (t) => {
  const directory = temporaryDirectory(t);
  const json = join(directory, 'result.json');
  // Without pauses, and for a while: a number is lost when two are at it within the same microsecond. That they are is for the
  // machine to bring about.
  const { code, stdout, cell } = await conclusive(async () => {
    const ended = await lockbench([
      ...[...tiny, '--strategies', 'fcntl', '--processes', '2', '--rogue', '1', '--dir', directory],
      ...['--increments', '20000', '--min-round', '300ms', '--json', json],
    ]);
    const [cell] = measured(readFileSync(json, 'utf8'));
    return cell !== undefined && cell.verdict.violations > 0 && cell.verdict.lost > 0
      ? { ...ended, cell }
      : 'inconclusive';
  });
  assert.ok(cell.state === 'failed-verdict');
  const { exclusion, violations, sequence, lost } = cell.verdict;
  assert.deepEqual([exclusion, sequence], ['violated', 'lost-updates']);
  assert.ok(violations > 0 && lost > 0);
  assert.equal(code, 0, stdout);
  assert.equal(cell.conditions.rogues, 1);
  for (const roles of rolesOf(cell)) assert.deepEqual(roles, ['locker', 'rogue']);
  assert.match(cell.reason, /first (process 0 beside rogue 1|rogue 1 beside process 0), /);
  assert.match(stdout, /2 processes, 1 of them without the lock/);
  assert.doesNotMatch(stdout, /A CLAIM WAS BROKEN/);
});

test('readers under fcntl and flock see no number change, and the lock is held', async (t) => {
  const directory = temporaryDirectory(t);
  const json = join(directory, 'result.json');
  const { code, stdout } = await lockbench([
    ...[...tiny, '--strategies', 'fcntl,flock', '--readers', '2', '--writers', '1', '--dir', directory],
    // Enough that no reader is without a turn when they are over, though it had to wait for a processor.
    ...['--handoffs', '2000', '--json', json],
  ]);
  assert.equal(code, 0, stdout);
  const cells = measured(readFileSync(json, 'utf8'));
  assert.equal(cells.length, 2);
  for (const cell of cells) {
    const { strategy, verdict, conditions } = cell;
    assert.deepEqual([cell.state, verdict.changedReads], ['measured', 0], strategy);
    assertHeld(cell, 2000);
    assert.deepEqual([conditions.processes, conditions.readers], [3, 2]);
    for (const roles of rolesOf(cell)) assert.deepEqual(roles, ['locker', 'reader', 'reader']);
    for (const round of cell.rounds) {
      const { kind, workers, turns, expected, final } = round;
      const [writer, ...readers] = workers.map((worker) => worker.turns) as [number, ...number[]];
      assert.ok(Math.min(...readers) > 0, `${strategy}, ${kind}: readers had ${readers} turns`);
      assert.equal(turns, writer + readers.reduce((sum, one) => sum + one, 0));
      // Each hand-off is one to the writer, or from it: readers among themselves prove nothing.
      if (round.kind !== 'timing') assert.ok(round.exclusion.handoffs <= 2 * writer, `${strategy}, ${kind}`);
      // Each number was taken by the writer: no reader's counts as taken.
      assert.deepEqual([expected, final], [1 + writer, 1 + writer], `${strategy}, ${kind}`);
    }
  }
  assert.match(stdout, /2 readers and 1 writer/);
});

test('with readers, all strategies are those that have a shared mode', async (t) => {
  const { code, stdout } = await lockbench([
    ...[...tiny, '--strategies', 'all', '--readers', '2', '--dir', temporaryDirectory(t), '--handoffs', '0'],
    ...['--json', '-'],
  ]);
  assert.equal(code, 0);
  const { cells } = resultSchema.parse(JSON.parse(stdout));
  const names = cells.filter(({ state }) => state !== 'unavailable').map(({ strategy }) => strategy);
  assert.ok(names.includes('fcntl') && names.includes('flock'), `${names}`);
  for (const without of ['excl', 'shm-flag', 'none', 'broken']) assert.ok(!names.includes(without), without);
});

/** Processors that a process may run on, as the kernel tells. */
const allowedOf = (pid: number): string =>
  /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '';

test('a worker that shall stay on a processor may run on no other one', async () => {
  const processors = placement('compact', 3, readTopology());
  const round = await Round.launch(await specOf('fcntl', { conditions: { processes: 3 }, processors }));
  try {
    await round.settled();
    const workers = workersOf(process.pid);
    assert.equal(workers.length, 3);
    assert.deepEqual(workers.map(allowedOf).sort(), processors.map(String).sort());
    assert.equal((await round.run()).state, 'measured');
  } finally {
    await round.end();
  }
});

for (const pin of ['compact', 'spread'] as const) {
  test(`--pin ${pin} keeps every worker where it is, and says so`, async (t) => {
    const several = allowedProcessors().length > 1;
    if (!needs(t, several, 'with one processor nobody can be moved to another')) return;
    const directory = temporaryDirectory(t);
    const json = join(directory, 'result.json');
    const { code, stdout } = await lockbench([
      ...[...tiny, '--strategies', 'shm-flag/yield', '--processes', '3', '--pin', pin, '--dir', directory],
      ...['--increments', '3000', '--handoffs', '300', '--json', json],
    ]);
    assert.equal(code, 0, stdout);
    const [cell] = measured(readFileSync(json, 'utf8'));
    assert.ok(cell !== undefined);
    assert.equal(cell.conditions.pin, pin);
    for (const { kind, workers } of cell.rounds) {
      for (const { migrations } of workers) assert.ok(migrations === 0 || migrations === null, kind);
    }
    assert.match(stdout, new RegExp(`3 processes, pinned ${pin}`));
  });
}
