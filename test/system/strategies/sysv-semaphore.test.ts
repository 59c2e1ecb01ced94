/**
 * System V semaphores: the creation race, open in the naive way and met in ours, and removal with nothing left.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type TestContext, test } from 'node:test';
import { sysvKeys } from '../../../bench/machine/leavings.js';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import { makeRoundDirectory } from '../../../bench/measure/parent/round-directory.js';
import type { Answer } from '../../../bench/scenario/participant.js';
import { loadStrategy } from '../../../strategies/index.js';
import { ownIpcNamespace } from '../../../strategies/posix/ipc-namespace.js';
import { semctl, semget } from '../../../strategies/posix/libc.js';
import {
  announceSemaphore,
  keyOf,
  openSemaphore,
  removeSemaphore,
  SYSV_SUFFIX,
} from '../../../strategies/posix/sysv-semaphore.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { conclusive, until } from '../../support/limit.js';
import { Holder } from '../../support/lock-holder.js';
import { hasCommand, needs } from '../../support/support.js';

const [GETVAL, IPC_CREAT, IPC_EXCL] = [12, 0o1000, 0o2000];
const identity = unprivilegedIdentity();
const canStop = hasCommand('strace', '-e', 'inject=getpid:signal=SIGSTOP', '-o', '/dev/null', 'true');

const naive = (way: 'maker' | 'everyone'): Promise<Strategy> =>
  loadStrategy(new URL(`../../fixtures/naive-sysv-sem.js?${way}`, import.meta.url).href);

/** Starts holders on one place; the first one's options of strace may be given. */
async function roles(
  t: TestContext,
  strategy: Strategy,
  strace: readonly string[] = [],
): Promise<{ holders: [Holder, Holder]; keys: number[] }> {
  const roundDirectory = makeRoundDirectory(tmpdir(), 2, strategy, identity);
  t.after(() => roundDirectory.destroy());
  const policy = { kind: 'spin' } as const;
  const spec = { strategy: strategy.name, policy, roundDirectory: roundDirectory.job, identity };
  const holders = await Promise.all([
    Holder.start(t, { ...spec, workerIndex: 0 }, strace),
    Holder.start(t, { ...spec, workerIndex: 1 }),
  ]);
  return {
    holders,
    keys: [roundDirectory.job.token, `${roundDirectory.job.token}${SYSV_SUFFIX}`].map(keyOf),
  };
}

/** How often a process has gone to sleep. */
const sleepsOf = (pid: number): number =>
  Number(/^voluntary_ctxt_switches:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);

/** More often than it does to read an order. */
const IS_WAITING = 30;

/**
 * What a second one says that tries to get the lock, which nobody holds, while the maker of the semaphore is stopped between
 * making it and giving it its value. The maker goes on when the other has its answer, or waits.
 */
async function triesInTheGap(t: TestContext, strategy: Strategy): Promise<Answer> {
  const stop = ['-f', '-qq', '-o', '/dev/null', '-e', 'inject=semget:signal=SIGSTOP:when=1'];
  const { holders, keys } = await roles(t, strategy, stop);
  const [maker, other] = holders;
  const made = maker.ask('members');
  await until('the semaphore is made', () => sysvKeys().some((key) => keys.includes(key)));
  const before = sleepsOf(other.pid);
  let isAnswered = false;
  const answer = other.ask('try').finally(() => {
    isAnswered = true;
  });
  await until('it waits, or is answered', () => isAnswered || sleepsOf(other.pid) > before + IS_WAITING);
  maker.goOn();
  await made;
  return answer;
}

test('made the naive way, a semaphore that nobody holds is said to be held while its maker is held up', async (t) => {
  if (!needs(t, canStop, 'strace is missing or may not trace here; apt-get install strace')) return;
  assert.deepEqual(await triesInTheGap(t, await naive('maker')), { at: 'done', got: false });
});

for (const name of ['sysv-sem', 'sysv-sem-undo']) {
  test(`${name}: who comes while its maker is held up waits for the value, and gets the lock`, async (t) => {
    if (!needs(t, canStop, 'strace is missing or may not trace here; apt-get install strace')) return;
    const answer = await conclusive(async () => {
      const said = await triesInTheGap(t, await loadStrategy(name));
      // On a machine on which the maker does not go on within seconds.
      return said.at === 'failed' && said.message.includes('never given a value') ? 'inconclusive' : said;
    });
    assert.deepEqual(answer, { at: 'done', got: true });
  });
}

test('given its value by everyone who comes, a semaphore lets a second one in beside the first', async (t) => {
  const { holders } = await roles(t, await naive('everyone'));
  const [one, two] = holders;
  await one.acquire();
  assert.equal(await two.tries(), true, 'two are in: the second one has set the value to 1 once more');
});

const nameFor = (t: TestContext): string => {
  const name = `lockbench-test-${process.pid}-${keyOf(t.name)}`;
  t.after(() => removeSemaphore(name));
  return name;
};

test('a semaphore is made with the value 1, and found by the next', (t) => {
  const name = nameFor(t);
  announceSemaphore(name);
  assert.equal(readFileSync(`/dev/shm/${name}`, 'latin1').replace(/\0*$/, ''), ownIpcNamespace());
  const id = openSemaphore(name);
  assert.equal(semctl(id, 0, GETVAL, 0), 1);
  assert.equal(openSemaphore(name), id);
  assert.equal(semctl(id, 0, GETVAL, 0), 1, 'opening it once more adds nothing');
});

test('removing it twice, or before it was made, is no error, and leaves neither set nor file', (t) => {
  const name = nameFor(t);
  announceSemaphore(name);
  removeSemaphore(name);
  announceSemaphore(name);
  openSemaphore(name);
  removeSemaphore(name);
  removeSemaphore(name);
  assert.equal(semget(keyOf(name), 1, 0), -1);
  assert.ok(!existsSync(`/dev/shm/${name}`));
});

test('a semaphore whose maker died before it gave it a value is not waited for for ever', (t) => {
  const name = nameFor(t);
  const id = semget(keyOf(name), 1, IPC_CREAT | IPC_EXCL | 0o600);
  assert.throws(
    () => openSemaphore(name),
    new RegExp(`semaphore ${id} .*never given a value.*ipcrm -s ${id}`),
  );
});
