/**
 * Root: the verdict turns for a lock that binds root too, and for one that binds nobody.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiment } from '../../../bench/reproduce/root/root.js';
import { smallSetting, verdictOf } from '../../support/setting.js';
import { isRoot, needs } from '../../support/support.js';

const REASON = 'only root can show what root may do';

test('a lock made of permissions excludes a user, and not root', async (t) => {
  if (!needs(t, isRoot, REASON)) return;
  assert.equal(await experiment.missing?.(smallSetting()), null);
  const evidence = await experiment.measure(smallSetting(), experiment.roles);
  assert.equal(experiment.judge(evidence).answer, 'holds');
});

test('the claim falls for a lock that keeps root out, too', async (t) => {
  if (!needs(t, isRoot, REASON)) return;
  const { answer, why } = await verdictOf(experiment, { lock: 'excl/yield' });
  assert.equal(answer, 'does not hold');
  assert.match(why, /keeps the superuser out/);
});

test('the claim falls for a lock that excludes nobody', async (t) => {
  if (!needs(t, isRoot, REASON)) return;
  assert.equal((await verdictOf(experiment, { lock: 'broken' })).answer, 'does not hold');
});

test('who is not root is told to become it', async () => {
  assert.match((await experiment.missing?.(smallSetting({ identity: null }))) ?? '', /run it with sudo/);
});
