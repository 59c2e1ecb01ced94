/**
 * Joining a lock and a waiting policy, and warming up: with fake locks that keep a diary.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicy } from '../../../bench/measure/worker/policy.js';
import { asyncWaiter, waiter } from '../../../bench/measure/worker/waiting.js';
import { warmUp } from '../../../bench/measure/worker/warm-up.js';
import { threadCpuTime } from '../../../strategies/posix/clock.js';
import type { AsyncLock, Lock } from '../../../strategies/strategy.js';
import { runRound, specOf } from '../../support/one-round.js';

const polling = ['spin', 'yield', 'sleep:1ns', 'backoff:1ns-2ns'];

/** A lock that is found held this many times before each acquisition. */
function heldFor(tries: number, diary: string[]): Lock & { tryLock(): boolean } {
  let left = tries;
  return {
    beginAcquire() {
      diary.push('beginAcquire');
    },
    tryLock() {
      diary.push('try');
      if (left-- > 0) return false;
      left = tries;
      return true;
    },
    unlock() {},
    close() {},
  };
}

function asPromises(lock: Lock & { tryLock(): boolean }): AsyncLock {
  return {
    async beginAcquire() {
      // Two turns of the event loop, one more than a try takes: who does not wait for it, tries before it.
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      lock.beginAcquire?.();
    },
    async tryLock() {
      await new Promise(setImmediate);
      return lock.tryLock();
    },
    async unlock() {},
    async close() {},
  };
}

for (const name of polling) {
  test(`${name} tries until it has the lock, arrives once an acquisition and counts the failed tries`, () => {
    const diary: string[] = [];
    const { acquire, failedTries } = waiter(heldFor(3, diary), parsePolicy(name), 1);
    assert.equal(failedTries(), 0);
    acquire();
    assert.deepEqual(diary, ['beginAcquire', 'try', 'try', 'try', 'try']);
    assert.equal(failedTries(), 3);
    acquire();
    assert.equal(diary.filter((entry) => entry === 'beginAcquire').length, 2);
    assert.equal(failedTries(), 6);
  });

  test(`${name} on promises waits for each before the next`, async () => {
    const diary: string[] = [];
    const { acquire, failedTries } = asyncWaiter(asPromises(heldFor(2, diary)), parsePolicy(name), 1);
    await acquire();
    assert.deepEqual(diary, ['beginAcquire', 'try', 'try', 'try']);
    await acquire();
    assert.deepEqual(diary.slice(4), ['beginAcquire', 'try', 'try', 'try']);
    assert.equal(failedTries(), 4);
  });
}

test('a lock that is free fails no try', () => {
  const { acquire, failedTries } = waiter(heldFor(0, []), { kind: 'spin' }, 1);
  acquire();
  assert.equal(failedTries(), 0);
});

test('a lock that needs no arrival is tried all the same', async () => {
  let tries = 0;
  const members = { tryLock: () => ++tries % 3 === 0, unlock() {}, close() {} };
  const { acquire, failedTries } = waiter(members, { kind: 'spin' }, 1);
  acquire();
  assert.deepEqual([tries, failedTries()], [3, 2]);
  const asynchronous: AsyncLock = {
    tryLock: async () => members.tryLock(),
    async unlock() {},
    async close() {},
  };
  await asyncWaiter(asynchronous, { kind: 'spin' }, 1).acquire();
  assert.equal(tries, 6);
});

test('block arrives, then lets the kernel wait, and never tries', async () => {
  const diary: string[] = [];
  const lock: Lock = {
    ...heldFor(3, diary),
    lock() {
      diary.push('lock');
    },
  };
  const { acquire, failedTries } = waiter(lock, { kind: 'block' }, 1);
  acquire();
  acquire();
  assert.deepEqual(diary, ['beginAcquire', 'lock', 'beginAcquire', 'lock']);
  assert.equal(failedTries(), 0);

  diary.length = 0;
  const asynchronous: AsyncLock = {
    ...asPromises(heldFor(3, diary)),
    async lock() {
      await new Promise(setImmediate);
      diary.push('lock');
    },
  };
  const waiting = asyncWaiter(asynchronous, { kind: 'block' }, 1);
  await waiting.acquire();
  await waiting.acquire();
  assert.deepEqual(diary, ['beginAcquire', 'lock', 'beginAcquire', 'lock']);
  assert.equal(waiting.failedTries(), 0);
});

test('block works for a lock that needs no arrival', async () => {
  let locked = 0;
  waiter({ lock: () => void locked++, unlock() {}, close() {} }, { kind: 'block' }, 1).acquire();
  const asynchronous: AsyncLock = { lock: async () => void locked++, async unlock() {}, async close() {} };
  await asyncWaiter(asynchronous, { kind: 'block' }, 1).acquire();
  assert.equal(locked, 2);
});

test('block is refused for a lock that cannot make its caller wait', () => {
  assert.throws(() => waiter(heldFor(0, []), { kind: 'block' }, 1), /cannot make its caller wait/);
  assert.throws(
    () => asyncWaiter(asPromises(heldFor(0, [])), { kind: 'block' }, 1),
    /cannot make its caller wait/,
  );
});

test('polling is refused for a lock that cannot be tried', () => {
  for (const name of polling) {
    const policy = parsePolicy(name);
    assert.throws(() => waiter({ lock() {}, unlock() {}, close() {} }, policy, 1), /cannot be tried/, name);
    const asynchronous: AsyncLock = { async lock() {}, async unlock() {}, async close() {} };
    assert.throws(() => asyncWaiter(asynchronous, policy, 1), /cannot be tried/, name);
  }
});

test('what a lock throws reaches the caller', async () => {
  const failing: Lock = {
    tryLock() {
      throw new Error('EIO');
    },
    unlock() {},
    close() {},
  };
  assert.throws(() => waiter(failing, { kind: 'spin' }, 1).acquire(), /EIO/);
  const rejecting: AsyncLock = {
    tryLock: () => Promise.reject(new Error('EIO')),
    async unlock() {},
    async close() {},
  };
  await assert.rejects(asyncWaiter(rejecting, { kind: 'spin' }, 1).acquire(), /EIO/);
});

/** Keeps the processor busy for so long by the thread's own clock, which a busy machine does not disturb. */
function compute(ns: number): void {
  const end = threadCpuTime() + BigInt(ns);
  while (threadCpuTime() < end);
}

/** Something to warm up that notes what is done with it. `costNs` is what a batch of turns takes. */
function warmable(costNs: (batch: number) => number) {
  const opened: { turns: number; closed: number }[] = [];
  let batches = 0;
  const open = () => {
    const entry = { turns: 0, closed: 0 };
    opened.push(entry);
    return {
      take(ledger: Int32Array, from: number, count: number): number | Promise<number> {
        assert.equal(entry.closed, 0, 'turns were taken on a closed lock');
        assert.ok(from + count <= ledger.length, 'more turns were asked for than the ledger holds');
        entry.turns += count;
        compute(costNs(batches++));
        return count;
      },
      close() {
        entry.closed++;
      },
    };
  };
  return { open, opened };
}

test('warming up takes turns on two locks, one after the other, and closes both', async () => {
  const { open, opened } = warmable(() => 10_000);
  const turns = await warmUp(open, new Int32Array(1));
  assert.equal(opened.length, 2);
  assert.deepEqual(
    opened.map(({ closed }) => closed),
    [1, 1],
  );
  assert.equal(
    opened.reduce((sum, entry) => sum + entry.turns, 0),
    turns,
  );
  assert.ok(turns >= 1_500, `${turns} turns`);
});

test('a loop that never settles is warmed up for 20 000 turns, then left', async () => {
  const { open } = warmable((batch) => (batch % 2 === 0 ? 20_000 : 200_000));
  const turns = await warmUp(open, new Int32Array(1));
  assert.ok(turns >= 19_750 && turns <= 20_250, `${turns} turns`);
});

test('a slow lock that never settles is left as soon as it has had its 1 500 turns', async () => {
  const { open } = warmable((batch) => (batch % 2 === 0 ? 4_000_000 : 8_000_000));
  const turns = await warmUp(open, new Int32Array(1));
  assert.ok(turns >= 1_500 && turns <= 1_750, `${turns} turns`);
});

test('warming up waits for turns that return promises', async () => {
  let running = 0;
  const open = () => ({
    async take(_ledger: Int32Array, _from: number, count: number): Promise<number> {
      assert.equal(running++, 0, 'a batch began before the last one was over');
      await new Promise(setImmediate);
      running--;
      return count;
    },
    close() {
      assert.equal(running, 0, 'closed while turns were taken');
    },
  });
  assert.ok((await warmUp(open, new Int32Array(1))) >= 1_500);
});

test('a pause of a second is not passed in each turn of the warm-up', async () => {
  const second = { kind: 'sleep', ns: 1e9 } as const;
  // 1 500 turns of it would take 25 minutes; the round has a minute.
  const conditions = { processes: 1, think: second };
  const limits = { timeLimitNs: 60e9 };
  const { workers } = await runRound(await specOf('flock', { kind: 'timing', conditions, limits }));
  assert.equal(workers[0]?.turns, 1);
});
