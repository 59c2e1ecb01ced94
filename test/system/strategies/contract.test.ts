/**
 * The contract, proven for every strategy of the catalogue with real processes: nothing here names a strategy.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, type TestContext, test } from 'node:test';
import { brokenClaim, DEFAULT_PATIENCE_NS, patienceFor, playCrash } from '../../../bench/crash/crash-case.js';
import { unprivilegedIdentity } from '../../../bench/machine/identity.js';
import { ownPrefix } from '../../../bench/machine/owner-name.js';
import { look } from '../../../bench/measure/parent/preflight.js';
import { PLAIN } from '../../../bench/measure/parent/request.js';
import { Round } from '../../../bench/measure/parent/round.js';
import { makeRoundDirectory } from '../../../bench/measure/parent/round-directory.js';
import { judgeSequence } from '../../../bench/measure/verdict/sequence.js';
import type { RoundDirectoryJob } from '../../../bench/measure/worker/job.js';
import { defaultPolicy, type Members } from '../../../bench/measure/worker/policy.js';
import { HOLDER } from '../../../bench/scenario/overtaking.js';
import { scenarioPolicy } from '../../../bench/scenario/participant-lock.js';
import { loadStrategy, strategyNames } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { Holder } from '../../support/holder.js';
import { leftOf, named } from '../../support/leavings.js';
import { isRoot, needs } from '../../support/support.js';

const directory = tmpdir();
const memory = existsSync('/dev/shm') ? '/dev/shm' : directory;
const identity = unprivilegedIdentity();
const { findings } = await look(strategyNames, [directory], identity);

function placeFor(test: TestContext, strategy: Strategy, asWho = identity): RoundDirectoryJob {
  const roundDirectory = makeRoundDirectory(directory, 3, strategy, asWho);
  test.after(() => roundDirectory.destroy());
  return roundDirectory.job;
}

/** How many updates one contended round lost; at least 1 if its final number is wrong. */
async function lostBy(strategy: Strategy, members: Members): Promise<number> {
  const round = Round.launch({
    kind: 'timing',
    processors: null,
    enoughHandoffs: 0,
    strategy,
    policy: defaultPolicy(members),
    conditions: {
      ...PLAIN,
      processes: 3,
      directory: { path: directory },
      increments: strategy.calls === 'synchronous' ? 3_000 : 300,
    },
    memory,
    limits: { atLeastNs: 0, budgetNs: 20e9, timeLimitNs: 60e9 },
    identity,
  });
  const outcome = await round.run();
  assert.ok(outcome.state === 'measured', 'reason' in outcome ? outcome.reason : outcome.state);
  const { sequence, lost } = judgeSequence(outcome.figures.ledgers, outcome.figures.final);
  return sequence === 'intact' ? 0 : Math.max(1, lost);
}

/** All tests of a strategy that works here; those that do not apply to it do not exist. */
function prove(strategy: Strategy, members: Members): void {
  const { name, claims, family } = strategy;
  const isControl = family === 'control';
  const policy = scenarioPolicy(members);
  const patienceNs = patienceFor(claims, DEFAULT_PATIENCE_NS);
  const staged = { strategy, policy, directory, identity };

  /** A place with so many holders on it. */
  const holders = async (t: TestContext, count: number, asWho = identity): Promise<Holder[]> => {
    const roundDirectory = placeFor(t, strategy, asWho);
    const spec = { strategy: name, policy, roundDirectory, identity: asWho };
    return Promise.all(
      Array.from({ length: count }, (_, workerIndex) => Holder.start(t, { ...spec, workerIndex })),
    );
  };

  test('can be taken again once it is unlocked', async (t) => {
    const [one, two] = (await holders(t, 2)) as [Holder, Holder];
    await one.acquire();
    await one.release();
    await two.acquire();
    await two.release();
    await one.acquire();
  });

  if (claims.excludes && members.tryLock) {
    test('refuses a second holder', async (t) => {
      const [one, two] = (await holders(t, 2)) as [Holder, Holder];
      await one.acquire();
      assert.equal(await two.tries(), false);
      assert.equal(await two.tries(), false);
    });
  }

  if (claims.excludes && members.lock) {
    test('makes a waiter wait, and wakes it when the holder unlocks', async (t) => {
      const [one, two] = (await holders(t, 2)) as [Holder, Holder];
      await one.acquire();
      let got = false;
      const waiting = two.ask('acquire').then((answer) => {
        got = true;
        return answer;
      });
      // A lock that does not make its caller wait answers at once.
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.equal(got, false, 'the second one got a lock that was held');
      await one.release();
      assert.deepEqual(await waiting, { at: 'done' });
    });
  }

  if (claims.excludes) {
    test('loses no update between contending processes', async () => {
      assert.equal(await lostBy(strategy, members), 0);
    });
  } else {
    test('is caught losing updates between contending processes', async () => {
      let lost = 0;
      for (let round = 0; round < 5 && lost === 0; round++) lost = await lostBy(strategy, members);
      assert.ok(lost > 0, 'a control that is not caught proves nothing');
    });
  }

  test(`if its holder is killed: ${claims.holderDies}`, async () => {
    const played = await playCrash({ ...staged, event: 'kill', patienceNs });
    assert.equal(brokenClaim(played, claims, false), null);
    // Who is in beside the holder does not wait for its death: of that, a control may tell nothing.
    if (claims.excludes) assert.equal(played.outcome, claims.holderDies);
  });

  if (claims.excludes && claims.leaseNs === undefined) {
    test('keeps all others out while its holder is stopped, longer than a lock may count as stale', async () => {
      const played = await playCrash({ ...staged, event: 'stop', patienceNs });
      assert.equal(brokenClaim(played, claims, false), null);
      assert.equal(played.outcome, 'kept');
      assert.equal(played.number.sequence, 'intact');
      assert.equal(played.served, 3, JSON.stringify(played.errors));
    });
  }

  if (family === 'kernel file lock') {
    const loses = claims.owner === 'process';
    test(`${loses ? 'is lost' : 'is kept'} when another descriptor of the file is closed`, async () => {
      const played = await playCrash({ ...staged, event: 'close', patienceNs: 300e6 });
      assert.equal(played.outcome, loses ? 'overtaken' : 'kept');
    });
  }

  if (claims.leaseNs !== undefined) {
    test('is taken from a holder that is stopped for too long, which is told so; two held it', async () => {
      const played = await playCrash({ ...staged, event: 'stop', patienceNs });
      assert.equal(played.outcome, 'overtaken');
      assert.ok(played.heldTwiceNs > 0);
      assert.equal(played.number.sequence, 'lost-updates');
      assert.deepEqual(
        played.errors.map(({ participant }) => participant),
        [HOLDER],
        JSON.stringify(played.errors),
      );
      // Nobody's lock was removed by the one who came back: so all others were served.
      assert.equal(played.served, 3);
    });
  }

  // Whose it is can be told only of a lock that holds.
  if (!isControl) {
    test(`belongs to: ${claims.owner}`, async (t) => {
      const [one, two, three] = (await holders(t, 3)) as [Holder, Holder, Holder];
      await one.acquire();
      assert.equal(
        await one.tries('second'),
        claims.owner === 'process',
        'a second lock of the same process',
      );
      await two.ask('unlock');
      const strangerCan = claims.owner === 'name' || claims.owner === 'nobody';
      assert.equal(await three.tries(), strangerCan, 'after a stranger has unlocked it');
    });
  }

  if (!isControl && members.tryLock) {
    test(`${claims.excludesAsRoot ? 'excludes' : 'does not exclude'} between processes of root`, async (t) => {
      if (!needs(t, isRoot, 'only root can try what root may do')) return;
      const [one, two] = (await holders(t, 2, null)) as [Holder, Holder];
      await one.acquire();
      assert.equal(await two.tries(), !claims.excludesAsRoot);
    });
  }

  test('leaves nothing behind, and may be destroyed twice', async (t) => {
    const made = makeRoundDirectory(directory, 1, strategy, identity);
    const one = await Holder.start(t, {
      strategy: name,
      policy,
      roundDirectory: made.job,
      workerIndex: 0,
      identity,
    });
    await one.acquire();
    await one.kill();
    assert.notDeepEqual(leftOf(made.job.token, [directory, memory]), [], 'the place itself, at least');
    made.destroy();
    made.destroy();
    assert.deepEqual(leftOf(made.job.token, [directory, memory]), []);
  });
}

for (const name of strategyNames) {
  const strategy = await loadStrategy(name);
  const found = findings[name]?.[directory];
  describe(name, () => {
    test('is filed under its own name', () => assert.equal(strategy.name, name));
    if (found?.available === true) prove(strategy, found.members);
    else {
      const reason = found?.reason ?? 'it was not tried';
      test('works here', (t) => void needs(t, false, reason));
    }
  });
}

test('no test of this file left a place behind', () =>
  assert.deepEqual(named(ownPrefix(), [directory, memory]), []));
