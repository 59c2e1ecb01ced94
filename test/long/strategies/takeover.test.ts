/**
 * Locks that are taken over: from the dead by one heir alone, wherever anybody dies, and from nobody else. What each claims of a
 * holder that is killed or stopped stands in the contract test; here are the moments in which recovery goes wrong.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { unprivilegedIdentity } from '../../../bench/machine/identity.js';
import { makeRoundDirectory } from '../../../bench/measure/parent/round-directory.js';
import type { RoundDirectoryJob } from '../../../bench/measure/worker/job.js';
import { loadStrategy } from '../../../strategies/index.js';
import { now } from '../../../strategies/posix/clock.js';
import { createNamed, openNamed, removeNamed } from '../../../strategies/posix/shared-memory.js';
import { LEASE_NS } from '../../../strategies/shared/lease.js';
import { COUNTS, COUNTS_BYTES } from '../../fixtures/heir.js';
import { Holder } from '../../support/holder.js';
import { conclusive, LIMIT_MS, until } from '../../support/limit.js';
import { hasCommand, needs } from '../../support/support.js';

const directory = tmpdir();
const identity = unprivilegedIdentity();
const canInject = hasCommand('strace', '-e', 'inject=getpid:delay_enter=1', '-o', '/dev/null', 'true');
const traced = (t: TestContext): boolean =>
  needs(t, canInject, 'strace is missing or may not trace here; apt-get install strace');

/** A place, and what starts holders on it; `injection`: what strace does to a holder's calls, on `file` alone if one is given. */
async function staged(t: TestContext, name: string, asWho = identity) {
  const strategy = await loadStrategy(name);
  const made = makeRoundDirectory(directory, 4, strategy, asWho);
  t.after(() => made.destroy());
  let workerIndex = 0;
  const spec = {
    strategy: name,
    policy: { kind: 'spin' } as const,
    roundDirectory: made.job,
    identity: asWho,
  };
  const start = (injection: string | null = null, file: string | null = null): Promise<Holder> => {
    const only = file === null ? [] : ['-P', join(made.job.dir, file)];
    const options = ['-f', '-qq', '-o', '/dev/null', '-e', `inject=${injection}`, ...only];
    return Holder.start(t, { ...spec, workerIndex: workerIndex++ }, injection === null ? [] : options);
  };
  return { roundDirectory: made.job, start };
}

/** For so long a call is held up: what is done meanwhile takes a small part of it. */
const HELD_UP = 'delay_enter=2000000';

/** Whether somebody is inside of the guard of those who take over. */
const isInside = ({ dir }: RoundDirectoryJob): boolean =>
  spawnSync('flock', ['-n', join(dir, 'guard'), 'true']).status === 1;

/** Lets a holder take the lock and die of it. */
async function die(holder: Holder): Promise<void> {
  await holder.acquire();
  await holder.kill();
}

/** Tries until it has the lock, as a waiter does; throws after a long while. */
const acquireSoon = (holder: Holder): Promise<unknown> =>
  conclusive(async () => (await holder.tries()) || 'inconclusive');

/** An answer that may come later than what is done meanwhile, or not. */
function later<T>(answer: Promise<T>): { readonly answer: Promise<T>; isThere(): boolean } {
  let isThere = false;
  const seen = answer.finally(() => {
    isThere = true;
  });
  seen.catch(() => {});
  return { answer: seen, isThere: () => isThere };
}

describe('excl-pid', () => {
  test('a holder that unlocked and died between the look at it and the judgement on it has no heir', async (t) => {
    if (!traced(t)) return;
    await conclusive(async () => {
      const { start } = await staged(t, 'excl-pid');
      const [first, next] = [await start(), await start()];
      const late = await start(`kill:${HELD_UP}`);
      await first.acquire();
      // It has read that the first one has the lock, and is about to ask whether that one lives.
      const trying = later(late.tries());
      await new Promise((resolve) => setTimeout(resolve, 500));
      await first.release();
      await first.kill();
      const got = await next.tries();
      // The late one had not come so far yet, or was there again already.
      if (!got || trying.isThere()) return 'inconclusive';
      assert.equal(await trying.answer, false, 'the lock of a living holder was taken over');
      return 'refused';
    });
  });

  test('of two that found the same holder dead, one takes over', async (t) => {
    if (!traced(t)) return;
    await conclusive(async () => {
      const { start } = await staged(t, 'excl-pid');
      const [first, heir] = [await start(), await start()];
      const late = await start(`flock:${HELD_UP}:when=1`);
      await die(first);
      const trying = later(late.tries());
      await new Promise((resolve) => setTimeout(resolve, 500));
      const got = await heir.tries();
      if (!got || trying.isThere()) return 'inconclusive';
      assert.equal(await trying.answer, false, 'the lock of a living heir was taken over');
      return 'refused';
    });
  });

  for (const call of ['link', 'kill', 'flock', 'rename', 'link:when=2', 'flock:when=2', 'unlink']) {
    test(`an heir that is killed at ${call} has an heir`, async (t) => {
      if (!traced(t)) return;
      const { start } = await staged(t, 'excl-pid');
      const first = await start();
      const [which = '', when] = call.split(':');
      const heir = await start(`${which}:signal=SIGKILL${when === undefined ? '' : `:${when}`}`);
      const next = await start();
      await die(first);
      const end = heir.tries().then(() => heir.release());
      await assert.rejects(end, 'it was not killed; the test proves nothing');
      await heir.kill();
      await acquireSoon(next);
      await next.release();
    });
  }

  test('between many that are killed at any moment, one is inside', { timeout: 10 * LIMIT_MS }, async (t) => {
    const { counts, stop } = await besieged(t, 'excl-pid', 15);
    await stop();
    const of = (which: keyof typeof COUNTS): number => Atomics.load(counts, COUNTS[which]);
    assert.equal(of('beside'), 0, `in ${of('acquired')} acquisitions`);
  });
});

const HEIR = fileURLToPath(new URL('../../fixtures/heir.js', import.meta.url));
const HEIRS = 4;
const ENOUGH = 5;

/** Four that take a lock in turn; so often one of them is killed, or more often, until there were enough takeovers. */
async function besieged(t: TestContext, name: string, kills: number) {
  const { roundDirectory } = await staged(t, name, null);
  const memory = `${roundDirectory.token}.counts`;
  createNamed(memory, COUNTS_BYTES);
  t.after(() => removeNamed(memory));
  const counts = new Int32Array(openNamed(memory, COUNTS_BYTES).buffer);
  const start = (index: number) => {
    const args = [
      HEIR,
      name,
      JSON.stringify(roundDirectory satisfies RoundDirectoryJob),
      String(index),
      memory,
    ];
    return spawn(process.execPath, [...args, String(process.pid)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  };
  const heirs = Array.from({ length: HEIRS }, (_, index) => start(index));
  /** Before the place is removed: a process that still ran would find its files gone. */
  const stop = async (): Promise<void> => {
    for (const heir of heirs) {
      if (heir.exitCode !== null || heir.signalCode !== null) continue;
      heir.kill('SIGKILL');
      await once(heir, 'exit');
    }
  };
  t.after(stop);
  for (let killed = 0; killed < kills || Atomics.load(counts, COUNTS.recovery) < ENOUGH; killed++) {
    await until('all heirs run', () => Atomics.load(counts, COUNTS.alive) === HEIRS + killed);
    const before = Atomics.load(counts, COUNTS.acquired);
    await until('the lock goes round', () => Atomics.load(counts, COUNTS.acquired) > before + 20);
    // By turns the one who is probably inside, and anyone.
    const index = killed % 2 === 0 ? Atomics.load(counts, COUNTS.lastIn) : killed % HEIRS;
    heirs[index]?.kill('SIGKILL');
    heirs[index] = start(index);
  }
  return { counts, stop };
}

/** Asserts that `next` got the lock, which `first` never gave back, after a lease and not before. */
function assertLeaseBetween(first: Holder, next: Holder): void {
  assert.ok(first.gotInNs !== null && next.gotInNs !== null);
  assert.ok(next.gotInNs - first.gotInNs >= LEASE_NS, `${next.gotInNs - first.gotInNs} ns later`);
}

// Who is to take over is told to acquire, not to try: what it has seen of the file is forgotten when the lock is closed.
describe('excl-stale', () => {
  test('a holder that renews its lease keeps it, far longer than the lease', async (t) => {
    const { start } = await staged(t, 'excl-stale');
    const [holder, other] = [await start(), await start()];
    /** Whether it kept the lock for three leases; null if it was late with a renewal, which may cost it the lock. */
    const keeps = async (): Promise<boolean | null> => {
      await holder.acquire();
      let lost = false;
      const waiting = other.ask('acquire').then(() => {
        lost = true;
      });
      let kept: boolean | null = true;
      const beganNs = now();
      for (let lastNs = beganNs; kept === true && now() - beganNs < 3 * LEASE_NS; lastNs = now()) {
        const failed = (await holder.ask('renew')).at === 'failed';
        await new Promise((resolve) => setTimeout(resolve, LEASE_NS / 10 / 1e6));
        const late = now() - lastNs > LEASE_NS / 2;
        if (late || failed || lost) kept = late ? null : false;
      }
      // The process that has it by now gives it back.
      await holder.ask('unlock');
      await waiting;
      await other.ask('unlock');
      return kept;
    };
    let kept = await keeps();
    for (let i = 0; kept === null && i < 10; i++) kept = await keeps();
    assert.equal(kept, true);
  });

  test('a holder that was overtaken can neither renew nor unlock, and the other keeps the lock', async (t) => {
    const { start } = await staged(t, 'excl-stale');
    const [slow, heir, third] = [await start(), await start(), await start()];
    await slow.acquire();
    await heir.waitFor();
    for (const order of ['renew', 'unlock']) {
      const answer = await slow.ask(order);
      assert.ok(answer.at === 'failed' && answer.message.includes('its lease'), JSON.stringify(answer));
    }
    assert.equal(await third.tries(), false, 'the lock of the heir was removed');
    await heir.release();
  });

  test('of two that found the same lease run out, one takes over', async (t) => {
    if (!traced(t)) return;
    const { start } = await staged(t, 'excl-stale');
    const [first, heir] = [await start(), await start()];
    const late = await start('flock:delay_enter=200000:when=1');
    await die(first);
    await Promise.all([late.waitFor(), heir.waitFor()]);
    const [winner, loser] = (late.gotInNs ?? 0) < (heir.gotInNs ?? 0) ? [late, heir] : [heir, late];
    assertLeaseBetween(winner, loser);
  });

  test('a process that comes late does not take a lock that another took over a moment ago', async (t) => {
    const { start } = await staged(t, 'excl-stale');
    const [first, heir, late] = [await start(), await start(), await start()];
    await die(first);
    await heir.waitFor();
    await late.waitFor();
    assertLeaseBetween(heir, late);
  });

  test("a maker that is slow to look at its own file does not take the heir's for it", async (t) => {
    if (!traced(t)) return;
    const { start, roundDirectory } = await staged(t, 'excl-stale');
    const [slow, heir, third] = [
      await start('openat:signal=SIGSTOP:when=1', 'lock'),
      await start(),
      await start(),
    ];
    const making = slow.tries();
    await until('it has made the file', () => existsSync(join(roundDirectory.dir, 'lock')));
    await heir.waitFor();
    slow.goOn();
    assert.equal(await making, true);
    const answer = await slow.ask('unlock');
    assert.ok(answer.at === 'failed' && answer.message.includes('its lease'), JSON.stringify(answer));
    // Nobody has watched it for a lease: its lock must still be there.
    assert.equal((await heir.ask('renew')).at, 'done', 'the lock of the heir was removed');
    assert.equal(await third.tries(), false);
  });

  for (const offset of ['-2s', '+1d']) {
    test(`a clock that is wrong (${offset}) neither keeps a lease nor ends it`, async (t) => {
      if (!needs(t, hasCommand('faketime'), 'faketime is missing; apt-get install faketime')) return;
      const { roundDirectory, start } = await staged(t, 'excl-stale');
      const first = await start();
      const prefix = ['faketime', '-f', offset];
      const policy = { kind: 'spin' } as const;
      const spec = { strategy: 'excl-stale', policy, roundDirectory, identity, workerIndex: 1, prefix };
      const heir = await Holder.start(t, spec);
      await first.acquire();
      assert.equal(await heir.tries(), false, 'a lease that had just begun was taken over');
      await first.kill();
      await heir.waitFor();
      await heir.release();
    });
  }

  for (const [call, file] of [
    ['openat', 'lock'],
    ['statx', 'lock'],
    ['rename', null],
    ['flock:when=2', 'guard'],
    ['flock:when=3', 'guard'],
  ] as const) {
    test(`an heir that is killed at ${call} has an heir`, async (t) => {
      if (!traced(t)) return;
      const { start } = await staged(t, 'excl-stale');
      const first = await start();
      const [which = '', when] = call.split(':');
      const heir = await start(`${which}:signal=SIGKILL${when === undefined ? '' : `:${when}`}`, file);
      const next = await start();
      await die(first);
      const end = heir.waitFor().then(() => heir.release());
      await assert.rejects(end, 'it was not killed; the test proves nothing');
      await next.waitFor();
      await next.release();
    });
  }

  test('while one takes over, nobody else does', async (t) => {
    if (!traced(t)) return;
    await conclusive(async () => {
      const { start, roundDirectory } = await staged(t, 'excl-stale');
      const [first, other] = [await start(), await start()];
      const heir = await start(`rename:${HELD_UP}:when=1`);
      await die(first);
      const taking = later(heir.waitFor());
      await until('the heir is about to rename', () => isInside(roundDirectory) || taking.isThere());
      const isSeen = !taking.isThere();
      await Promise.all([taking.answer, other.waitFor()]);
      assertLeaseBetween(heir, other);
      return isSeen ? 'seen' : 'inconclusive';
    });
  });
});

test('excl-pid: while one takes over, nobody else does', async (t) => {
  if (!traced(t)) return;
  await conclusive(async () => {
    const { start, roundDirectory } = await staged(t, 'excl-pid');
    const [first, other] = [await start(), await start()];
    const heir = await start(`rename:${HELD_UP}:when=1`);
    await die(first);
    const taking = later(acquireSoon(heir));
    await until('the heir is about to rename', () => isInside(roundDirectory) || taking.isThere());
    const got = await other.tries();
    if (taking.isThere()) return 'inconclusive';
    assert.equal(got, false);
    await taking.answer;
    assert.equal(await other.tries(), false);
    return 'refused';
  });
});

describe('a lock whose call was told to have failed though it succeeded', () => {
  for (const name of ['excl-pid', 'symlink', 'rename']) {
    test(`${name} knows its own`, async (t) => {
      const { start } = await staged(t, name);
      const [holder, other] = [await start(), await start()];
      await holder.acquire();
      // The same as the repetition of a request whose answer was lost: the name is there, and it is ours.
      assert.equal(await holder.tries(), true);
      assert.equal(await other.tries(), false);
    });
  }
});
