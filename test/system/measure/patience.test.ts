/**
 * How long an answer is waited for depends on what its process does, and not on how often it gets a processor.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { OutOfMeans, unlessStuck, withinMeans } from '../../../bench/measure/parent/patience.js';
import { sleep } from '../../../strategies/posix/clock.js';
import { until } from '../../support/limit.js';

const never = (): Promise<never> => new Promise(() => {});

function processOf(t: TestContext, ...words: readonly [string, ...string[]]): number | undefined {
  const [command, ...args] = words;
  const child = spawn(command, args, { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  return child.pid;
}

test('a process that sleeps is given up after its time to sleep, one that computes is not', async (t) => {
  const asleep = processOf(t, 'sleep', '1000');
  const means = { cpuNs: 1e9, asleepNs: 0.5e9 };
  await assert.rejects(
    withinMeans(never(), asleep, () => means),
    (error) => {
      assert.ok(error instanceof OutOfMeans && error.sleeps);
      assert.equal(error.message, 'no answer after 0.5 s');
      return true;
    },
  );
});

/** Its processor time, in ticks of the kernel's. */
const ticksOf = (pid: number | undefined): number =>
  Number(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ')[11]);

test('a process that computes is given up by its processor time, and not for sleeping', async (t) => {
  const busy = processOf(t, 'sh', '-c', 'while :; do :; done');
  // From then on it sleeps never, however seldom it gets a processor.
  await until('it is in its loop', () => ticksOf(busy) > 10);
  await assert.rejects(
    withinMeans(never(), busy, () => ({ cpuNs: 0.5e9, asleepNs: 0.2e9 })),
    (error) => {
      assert.ok(error instanceof OutOfMeans && !error.sleeps);
      assert.equal(error.message, 'no answer after 0.5 s of processor time');
      return true;
    },
  );
});

test('what has an answer is passed through', async (t) => {
  const asleep = processOf(t, 'sleep', '1000');
  assert.equal(await withinMeans(Promise.resolve(7), asleep, () => ({ cpuNs: 1, asleepNs: 1 })), 7);
});

test('an answer that lies there unread counts, however long we were kept from reading it', async (t) => {
  const child = spawn('sh', ['-c', 'read question; echo answer; exec sleep 1000'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  t.after(() => child.kill('SIGKILL'));
  await until('it waits for the question', () =>
    / S /.test(readFileSync(`/proc/${child.pid}/stat`, 'latin1')),
  );
  const answer = once(child.stdout, 'data').then(([data]) => String(data));
  for (const wait of [
    () => unlessStuck(answer, child.pid, () => 1),
    () => withinMeans(answer, child.pid, () => ({ cpuNs: 1e9, asleepNs: 1 })),
  ]) {
    // From here on the loop comes to its timers before it comes to what can be read.
    await turn();
    const waiting = wait();
    // As when others have the processor: it answers and falls asleep, and only then are we awake again.
    child.stdin.write('question\n');
    sleep(1e9);
    assert.equal(await waiting, 'answer\n');
  }
});
