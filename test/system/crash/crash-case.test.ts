/**
 * Crashes on real processes: the outcomes that the strategies are known for, and verdicts that must not fail to come.
 * What each strategy claims of its holder's death, and of a holder that is stopped, stands in the contract test.
 */

import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { brokenClaim, type CrashSpec, playCrash } from '../../../bench/crash/crash-case.js';
import { type CrashEvent, DYING } from '../../../bench/crash/crash-events.js';
import type { PlayedCrash } from '../../../bench/crash/crash-schema.js';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import type { Policy } from '../../../bench/measure/worker/policy.js';
import { loadStrategy, strategyNames } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { conclusive, LIMIT_NS } from '../../support/limit.js';

const polling: Policy = { kind: 'sleep', ns: 2e6 };
const blocking: Policy = { kind: 'block' };

const fixture = (name: string): Promise<Strategy> =>
  loadStrategy(new URL(`../../fixtures/${name}.js`, import.meta.url).href);

/** Waits for half a second for what shall not happen; `long`, for what shall: until it does. */
async function crash(
  strategy: Strategy | string,
  event: CrashEvent,
  policy = polling,
  long: Partial<Pick<CrashSpec, 'patienceNs' | 'settlingNs'>> = {},
): Promise<PlayedCrash> {
  return playCrash({
    strategy: typeof strategy === 'string' ? await loadStrategy(strategy) : strategy,
    policy,
    directory: tmpdir(),
    identity: unprivilegedIdentity(),
    event,
    patienceNs: 500e6,
    settlingNs: 500e6,
    ...long,
  });
}

const OVERTAKEN = { patienceNs: LIMIT_NS } as const;
const SERVED = { settlingNs: LIMIT_NS } as const;

for (const event of DYING) {
  test(`${event}: the kernel gives a lock on, a name stays`, async () => {
    const released = await crash('flock', event, blocking, SERVED);
    assert.deepEqual([released.outcome, released.served], ['released', 3], JSON.stringify(released.errors));
    assert.deepEqual(released.number, { sequence: 'intact', final: 4, writes: 3, lost: 0 });
    const stuck = await crash('excl', event);
    assert.deepEqual([stuck.outcome, stuck.served, stuck.afterNs], ['stuck', 0, null]);
  });
}

test('closing another descriptor gives an fcntl lock away, and an update is lost', async () => {
  const { outcome, heldTwiceNs, number } = await crash('fcntl', 'close', blocking, OVERTAKEN);
  assert.equal(outcome, 'overtaken');
  assert.ok(heldTwiceNs > 0);
  assert.ok(number.lost > 0 && number.sequence === 'lost-updates', JSON.stringify(number));
});

test('closing another descriptor leaves a flock lock where it is', async () => {
  const { outcome, heldTwiceNs, number, served } = await crash('flock', 'close', blocking, SERVED);
  assert.deepEqual([outcome, heldTwiceNs, number.sequence, served], ['kept', 0, 'intact', 3]);
});

test('removing its names gives a lock file away', async () => {
  const { outcome, heldTwiceNs, number } = await crash('excl', 'unlink', polling, OVERTAKEN);
  assert.equal(outcome, 'overtaken');
  assert.ok(heldTwiceNs > 0 && number.lost > 0);
});

test('removing its names lets a newcomer lock another file than the holder', async () => {
  const { outcome, firstIn, heldTwiceNs } = await crash('flock', 'unlink', blocking, OVERTAKEN);
  assert.deepEqual([outcome, firstIn], ['overtaken', 'newcomer']);
  assert.ok(heldTwiceNs > 0);
});

test('removing all names does nothing to a lock in memory', async () => {
  const { outcome, served, number } = await crash('shm-flag', 'unlink', polling, SERVED);
  assert.deepEqual([outcome, served, number.sequence], ['kept', 4, 'intact']);
});

test('a call that throws is told, and is no end of the scenario', async () => {
  const { errors, state } = await crash('link', 'unlink', polling, SERVED);
  assert.equal(state, 'played');
  assert.ok(
    errors.some(({ error }) => error.includes('ENOENT')),
    JSON.stringify(errors),
  );
});

test('without a lock, who is inside beside the holder is not the event’s doing', async () => {
  // That one of them gets in before the event is for the machine to bring about.
  await conclusive(async () =>
    (await crash('none', 'kill', blocking)).outcome === 'not-excluded' ? 'told' : 'inconclusive',
  );
});

test('a lock that says so is taken over, by one after the other', async () => {
  const strategy = await fixture('pid-file-strategy');
  const played = await crash(strategy, 'kill', polling, SERVED);
  assert.deepEqual([played.outcome, played.served], ['taken-over', 3], JSON.stringify(played.errors));
  assert.equal(played.number.sequence, 'intact');
  assert.equal(brokenClaim(played, strategy.claims, false), null);
  assert.equal((await crash(strategy, 'stop')).outcome, 'kept', 'a stopped holder is alive');
});

test('a lock that takes a stopped holder for dead breaks its claims', async () => {
  const strategy = await fixture('stale-file');
  const stopped = await crash(strategy, 'stop', polling, OVERTAKEN);
  assert.equal(stopped.outcome, 'overtaken');
  assert.equal(brokenClaim(stopped, strategy.claims, false)?.claim, 'excludes');
  const killed = await crash(strategy, 'kill', polling, SERVED);
  assert.deepEqual(brokenClaim(killed, strategy.claims, false), {
    strategy: strategy.name,
    claim: 'holderDies',
    claimed: 'stuck',
    observed: 'released',
  });
});

test('no strategy of the catalogue has a name that loads a file', () => {
  assert.deepEqual(
    strategyNames.filter((name) => name.includes(':')),
    [],
  );
});
