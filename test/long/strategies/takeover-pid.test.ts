/**
 * excl-pid, and locks that know their own: taken over from the dead by one heir alone, wherever anybody dies, and from nobody
 * else. What each claims of a holder that is killed or stopped stands in the contract tests; here are the moments in which a
 * remedy goes wrong.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { RoundDirectoryJob } from '../../../bench/measure/worker/job.js';
import { createNamed, openNamed, removeNamed } from '../../../strategies/posix/shared-memory.js';
import { COUNTS, COUNTS_BYTES } from '../../fixtures/heir.js';
import { conclusive, LIMIT_MS, until } from '../../support/limit.js';
import { acquireSoon, die, HELD_UP, isInside, later, staged, traced } from '../../support/takeovers.js';

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
