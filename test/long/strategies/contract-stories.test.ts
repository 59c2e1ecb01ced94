/**
 * The rest of the contract, for every strategy of the catalogue: what befalls a holder that lives on, since it was stopped or
 * another descriptor of its file was closed; and what is so between processes of root.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokenClaim, DEFAULT_PATIENCE_NS } from '../../../bench/crash/crash-case.js';
import type { Members } from '../../../bench/measure/worker/policy.js';
import { HOLDER } from '../../../bench/scenario/overtaking.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { Company, ofEachStrategy, played, policyFor } from '../../support/contract.js';
import { LIMIT_NS } from '../../support/limit.js';
import { isRoot, needs } from '../../support/support.js';

function prove(strategy: Strategy, members: Members): void {
  const { claims, family } = strategy;
  const policy = policyFor(members);

  if (claims.excludes && claims.leaseNs === undefined) {
    test('keeps all others out while its holder is stopped, longer than a lock may count as stale', async () => {
      const crash = await played(strategy, policy, 'stop', DEFAULT_PATIENCE_NS);
      assert.equal(brokenClaim(crash, claims, false), null);
      assert.equal(crash.outcome, 'kept');
      assert.equal(crash.number.sequence, 'intact');
      assert.equal(crash.served, 3, JSON.stringify(crash.errors));
    });
  }

  if (family === 'kernel file lock') {
    const loses = claims.owner === 'process';
    test(`${loses ? 'is lost' : 'is kept'} when another descriptor of the file is closed`, async () => {
      const crash = await played(strategy, policy, 'close', loses ? LIMIT_NS : 300e6);
      assert.equal(crash.outcome, loses ? 'overtaken' : 'kept');
    });
  }

  if (claims.leaseNs !== undefined) {
    test('is taken from a holder that is stopped for too long, which is told so; two held it', async () => {
      const crash = await played(strategy, policy, 'stop', LIMIT_NS);
      assert.equal(crash.outcome, 'overtaken');
      assert.ok(crash.heldTwiceNs > 0);
      assert.equal(crash.number.sequence, 'lost-updates');
      assert.deepEqual(
        crash.errors.map(({ participant }) => participant),
        [HOLDER],
        JSON.stringify(crash.errors),
      );
      // Nobody's lock was removed by the one who came back: so all others were served.
      assert.equal(crash.served, 3);
    });
  }

  if (family !== 'control' && members.tryLock) {
    test(`${claims.excludesAsRoot ? 'excludes' : 'does not exclude'} between processes of root`, async (t) => {
      if (!needs(t, isRoot, 'only root can try what root may do')) return;
      const pair = new Company(strategy, 2, null);
      t.after(() => pair.end());
      await pair.start(policy);
      const got = await pair.ask(async (one, two) => {
        await one.acquire();
        return two.tries();
      });
      assert.equal(got, !claims.excludesAsRoot);
    });
  }
}

await ofEachStrategy('the stories of', prove);
