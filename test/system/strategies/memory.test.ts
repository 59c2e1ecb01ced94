/**
 * What locks in memory and on inherited descriptors do beyond the contract: queues, owners, and the word of the dead.
 */

import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { type TestContext, test } from 'node:test';
import { playCrash } from '../../../bench/crash/crash-case.js';
import { type Identity, unprivilegedIdentity } from '../../../bench/machine/identity.js';
import { makeRoundDirectory } from '../../../bench/measure/parent/round-directory.js';
import type { RoundDirectoryJob } from '../../../bench/measure/worker/job.js';
import { roundDirectoryOf } from '../../../bench/measure/worker/lock-site.js';
import type { Policy } from '../../../bench/measure/worker/policy.js';
import { HOLDER } from '../../../bench/scenario/overtaking.js';
import { loadStrategy } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { Holder } from '../../support/holder.js';

const identity = unprivilegedIdentity();
const POLLING: Policy = { kind: 'sleep', ns: 100_000 };

function placeFor(
  t: TestContext,
  strategy: Strategy,
  workers: number,
  owner: Identity | null = identity,
): RoundDirectoryJob {
  const roundDirectory = makeRoundDirectory(tmpdir(), workers, strategy, owner);
  t.after(() => roundDirectory.destroy());
  return roundDirectory.job;
}

async function holders(t: TestContext, name: string, count: number, policy: Policy): Promise<Holder[]> {
  const roundDirectory = placeFor(t, await loadStrategy(name), count);
  const spec = { strategy: name, policy, roundDirectory, identity };
  return Promise.all(
    Array.from({ length: count }, (_, workerIndex) => Holder.start(t, { ...spec, workerIndex })),
  );
}

/** Gives the order to wait, and enough time to have come to it. */
async function waits(holder: Holder): Promise<{ served(): boolean; answer: Promise<void> }> {
  let served = false;
  const answer = holder.ask('acquire').then(({ at }) => {
    served = at === 'done';
  });
  answer.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { served: () => served, answer };
}

test('ticket: who came first is served first', async (t) => {
  const [one, two, three] = (await holders(t, 'ticket', 3, POLLING)) as [Holder, Holder, Holder];
  await one.acquire();
  const second = await waits(two);
  const third = await waits(three);
  await one.release();
  await second.answer;
  assert.deepEqual([second.served(), third.served()], [true, false]);
  await two.release();
  await third.answer;
  assert.ok(third.served());
});

test('ticket: a waiter that dies stops all who stand behind it', async (t) => {
  const [one, two, three] = (await holders(t, 'ticket', 3, POLLING)) as [Holder, Holder, Holder];
  await one.acquire();
  await waits(two);
  const third = await waits(three);
  await two.kill();
  await one.release();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(third.served(), false, 'the number of the dead one is served, and nobody has it');
});

test('ticket: the last one drawn can be given back; one that others stand behind cannot, and that is told', async (t) => {
  const strategy = await loadStrategy('ticket');
  assert.ok(strategy.calls === 'synchronous');
  // For this process itself, whoever it is.
  const roundDirectory = placeFor(t, strategy, 3, null);
  const site = { ...roundDirectoryOf(roundDirectory), fd: -1, workerIndex: 0 };
  const [one, two, three] = [strategy.open(site), strategy.open(site), strategy.open(site)];
  for (const lock of [one, two, three]) lock.beginAcquire?.();
  assert.deepEqual(
    [one, two, three].map((lock) => lock.tryLock?.()),
    [true, false, false],
  );
  assert.throws(() => two.close(), /ticket 1 cannot be given back/);
  three.close();
  three.beginAcquire?.();
  one.unlock();
  // Number 1 is served, which the second one threw away.
  assert.equal(three.tryLock?.(), false);
  three.close();
});

test('robust-mutex: nobody but its owner can unlock it', async (t) => {
  const [one, two] = (await holders(t, 'robust-mutex', 2, { kind: 'block' })) as [Holder, Holder];
  await one.acquire();
  const answer = await two.ask('unlock');
  assert.ok(answer.at === 'failed' && answer.code === 'EPERM', JSON.stringify(answer));
  assert.equal(await two.tries(), false);
});

test('robust-mutex: the first one after a death is told of it, and nobody after that', async () => {
  const strategy = await loadStrategy('robust-mutex');
  const staged = { strategy, policy: { kind: 'block' } as const, directory: tmpdir(), identity };
  const { timeline } = await playCrash({ ...staged, event: 'kill', patienceNs: 500e6 });
  const came = timeline.filter(({ participant, what }) => participant !== HOLDER && what === 'got-in');
  assert.deepEqual(
    came.map(({ recovery }) => recovery),
    ['owner-died', undefined, undefined],
  );
});

test('eventfd: who was not started by its maker is told so', async () => {
  const strategy = await loadStrategy('eventfd');
  assert.ok(strategy.calls === 'synchronous');
  const site = {
    dir: '/',
    token: 'no-such',
    workers: 1,
    workerIndex: 0,
    fd: -1,
    path: (name: string) => name,
  };
  assert.throws(() => strategy.open(site), /an inherited descriptor was expected/);
});
