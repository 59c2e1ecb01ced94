/**
 * What locks in memory and on inherited descriptors do beyond the contract: queues, owners, and the word of the dead.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type TestContext, test } from 'node:test';
import { playCrash } from '../../../bench/crash/crash-case.js';
import type { Identity } from '../../../bench/machine/identity.js';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import { makeRoundDirectory } from '../../../bench/measure/parent/round-directory.js';
import type { RoundDirectoryJob } from '../../../bench/measure/worker/job.js';
import { roundDirectoryOf } from '../../../bench/measure/worker/lock-site.js';
import type { Policy } from '../../../bench/measure/worker/policy.js';
import { HOLDER } from '../../../bench/scenario/overtaking.js';
import { loadStrategy } from '../../../strategies/index.js';
import { pagePath } from '../../../strategies/shared/memory-page.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { NEXT } from '../../../strategies/ticket.js';
import { LIMIT_NS, until } from '../../support/limit.js';
import { Holder } from '../../support/lock-holder.js';

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

async function holders(t: TestContext, name: string, count: number, policy: Policy) {
  const roundDirectory = placeFor(t, await loadStrategy(name), count);
  const spec = { strategy: name, policy, roundDirectory, identity };
  const all = await Promise.all(
    Array.from({ length: count }, (_, workerIndex) => Holder.start(t, { ...spec, workerIndex })),
  );
  return { all, roundDirectory };
}

/** Three at a ticket lock: the first one has it, and each gives the order to wait when the one before has drawn its number. */
async function queue(t: TestContext) {
  const { all, roundDirectory } = await holders(t, 'ticket', 3, POLLING);
  const [one, two, three] = all as [Holder, Holder, Holder];
  await one.acquire();
  // The page is the workers' user's: it is looked at as the file that it is, too.
  const page = pagePath(roundDirectoryOf(roundDirectory));
  const nextNumber = (): number => readFileSync(page).readInt32LE(NEXT * Int32Array.BYTES_PER_ELEMENT);
  const waits = async (holder: Holder): Promise<{ served(): boolean; answer: Promise<void> }> => {
    const drawn = nextNumber();
    let served = false;
    const answer = holder.ask('acquire').then(({ at }) => {
      served = at === 'done';
    });
    answer.catch(() => {});
    await until('it has drawn its number', () => nextNumber() !== drawn);
    return { served: () => served, answer };
  };
  return { one, two, three, second: await waits(two), third: await waits(three) };
}

test('ticket: who came first is served first', async (t) => {
  const { one, two, second, third } = await queue(t);
  await one.release();
  await second.answer;
  assert.deepEqual([second.served(), third.served()], [true, false]);
  await two.release();
  await third.answer;
  assert.ok(third.served());
});

test('ticket: a waiter that dies stops all who stand behind it', async (t) => {
  const { one, two, third } = await queue(t);
  await two.kill();
  await one.release();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(third.served(), false, 'the number of the dead one is served, and nobody has it');
});

test('ticket: the last one drawn can be given back; one that others stand behind cannot, and that is told', async (t) => {
  const strategy = await loadStrategy('ticket');
  assert.ok(strategy.calls === 'synchronous');
  // For this process itself, as any user.
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
  const { all } = await holders(t, 'robust-mutex', 2, { kind: 'block' });
  const [one, two] = all as [Holder, Holder];
  await one.acquire();
  const answer = await two.ask('unlock');
  assert.ok(answer.at === 'failed' && answer.code === 'EPERM', JSON.stringify(answer));
  assert.equal(await two.tries(), false);
});

test('robust-mutex: the first one after a death is told of it, and nobody after that', async () => {
  const strategy = await loadStrategy('robust-mutex');
  const staged = { strategy, policy: { kind: 'block' } as const, directory: tmpdir(), identity };
  const { timeline } = await playCrash({ ...staged, event: 'kill', patienceNs: LIMIT_NS });
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
