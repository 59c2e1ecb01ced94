/**
 * excl-stale: a lease that has run out is taken over by one heir alone, wherever anybody dies, and no other is.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { now } from '../../../strategies/posix/clock.js';
import { LEASE_NS } from '../../../strategies/shared/lease.js';
import { conclusive, until } from '../../support/limit.js';
import { Holder } from '../../support/lock-holder.js';
import { hasCommand, needs } from '../../support/support.js';
import { die, HELD_UP, identity, isInside, later, staged, traced } from '../../support/takeovers.js';
import { wrongClock } from '../../support/wrong-clock.js';

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
      if (
        !needs(
          t,
          hasCommand('faketime', '-f', offset, 'true'),
          'faketime is missing; apt-get install faketime',
        )
      )
        return;
      const prefix = await wrongClock(t, offset);
      const { roundDirectory, start } = await staged(t, 'excl-stale');
      const first = await start();
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
