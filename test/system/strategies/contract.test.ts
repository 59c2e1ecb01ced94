/**
 * The contract, proven for every strategy of the catalogue with real processes: nothing here names a strategy. What befalls a
 * holder that lives, and what root may do, is played in test/long/strategies/contract-stories.test.ts.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { brokenClaim, DEFAULT_PATIENCE_NS } from '../../../bench/crash/crash-case.js';
import { PLAIN } from '../../../bench/measure/parent/request.js';
import { Round } from '../../../bench/measure/parent/round.js';
import { judgeSequence } from '../../../bench/measure/verdict/sequence.js';
import { defaultPolicy, type Members } from '../../../bench/measure/worker/policy.js';
import { loadAll, strategyNames } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import {
  Company,
  directory,
  identity,
  memory,
  ofEachStrategy,
  played,
  policyFor,
} from '../../support/contract.js';
import { leftOf } from '../../support/leavings.js';
import { conclusive, LIMIT_NS } from '../../support/limit.js';

/** How many updates one contended round lost; at least 1 if its final number is wrong. */
async function lostBy(strategy: Strategy, members: Members): Promise<number> {
  const round = await Round.launch({
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
    limits: { atLeastNs: 0, budgetNs: LIMIT_NS, timeLimitNs: LIMIT_NS },
    identity,
  });
  const outcome = await round.run();
  assert.ok(outcome.state === 'measured', 'reason' in outcome ? outcome.reason : outcome.state);
  const { sequence, lost } = judgeSequence(outcome.figures.ledgers, outcome.figures.final);
  return sequence === 'intact' ? 0 : Math.max(1, lost);
}

function prove(strategy: Strategy, members: Members): void {
  const { claims, family } = strategy;
  const isControl = family === 'control';
  const policy = policyFor(members);
  const company = new Company(strategy, 3);
  before(() => company.start(policy));
  after(() => company.end());

  test('can be taken again once it is unlocked', () =>
    company.ask(async (one, two) => {
      for (const holder of [one, two, one]) {
        await holder.acquire();
        await holder.release();
      }
    }));

  if (claims.excludes && members.tryLock) {
    test('refuses a second holder', async () => {
      const refused = await company.ask(async (one, two) => {
        await one.acquire();
        const tries = [await two.tries(), await two.tries()];
        await one.release();
        return tries;
      });
      assert.deepEqual(refused, [false, false]);
    });
  }

  if (claims.excludes && members.lock) {
    test('makes a waiter wait, and wakes it when the holder unlocks', () =>
      company.ask(async (one, two) => {
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
        await two.release();
      }));
  }

  // Whose it is can be told only of a lock that holds.
  if (!isControl) {
    test(`belongs to: ${claims.owner}`, async () => {
      const [second, stranger] = await company.ask(async (one, two, three) => {
        await one.acquire();
        const again = await one.tries('second');
        await two.ask('unlock');
        return [again, await three.tries()];
      });
      assert.equal(second, claims.owner === 'process', 'a second lock of the same process');
      const strangerCan = claims.owner === 'name' || claims.owner === 'nobody';
      assert.equal(stranger, strangerCan, 'after a stranger has unlocked it');
    });
  }

  test('leaves nothing behind when its holders are killed, and may be destroyed twice', async () => {
    const { made, holders } = company;
    await Promise.all(holders.map((holder) => holder.kill()));
    assert.notDeepEqual(leftOf(made.job.token, [directory, memory]), [], 'the place itself, at least');
    made.destroy();
    made.destroy();
    assert.deepEqual(leftOf(made.job.token, [directory, memory]), []);
  });

  if (claims.excludes) {
    test('loses no update between contending processes', async () => {
      assert.equal(await lostBy(strategy, members), 0);
    });
  } else {
    test('is caught losing updates between contending processes', async () => {
      // That they meet is for the machine to bring about: until it does, nothing is known.
      await conclusive(async () => ((await lostBy(strategy, members)) > 0 ? 'caught' : 'inconclusive'));
    });
  }

  test(`if its holder is killed: ${claims.holderDies}`, async () => {
    const settlingNs = claims.holderDies === 'stuck' ? DEFAULT_PATIENCE_NS : LIMIT_NS;
    const crash = await played(strategy, policy, 'kill', DEFAULT_PATIENCE_NS, settlingNs);
    // Who is in beside the holder does not wait for its death: of that, a control may tell nothing.
    assert.equal(brokenClaim(crash, claims, false), null);
  });
}

test('each strategy is filed under its own name', async () => {
  assert.deepEqual(
    (await loadAll()).map(({ name }) => name),
    strategyNames,
  );
});

await ofEachStrategy('the contract of', prove);
