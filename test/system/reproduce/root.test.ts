/**
 * Root: the verdict turns for a lock that binds root too, and for one that binds nobody.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiment } from '../../../bench/reproduce/root/root.js';
import { conclusive } from '../../support/limit.js';
import { smallSetting } from '../../support/setting.js';
import { isRoot, needs } from '../../support/support.js';

test('a lock made of permissions excludes a user, and not root; the claim falls for others', async (t) => {
  if (!needs(t, isRoot, 'only root can show what root may do')) return;
  assert.equal(await experiment.missing?.(smallSetting()), null);
  // That two meet is for the machine to bring about: until they do, nothing is known.
  const evidence = await conclusive(async () => {
    const measured = await experiment.measure(smallSetting(), experiment.roles);
    const [root, dropped] = [measured.root, measured.dropped].map(({ lock }) => lock.verdict.exclusion);
    const met = root === 'violated' && dropped !== 'unchecked';
    return met ? experiment.evidence.parse(JSON.parse(JSON.stringify(measured))) : 'inconclusive';
  });
  assert.equal(experiment.judge(evidence).answer, 'holds');

  const { dropped, root } = evidence;
  const { answer, why } = experiment.judge({ dropped, root: { ...dropped, uid: root.uid } });
  assert.equal(answer, 'does not hold');
  assert.match(why, /keeps the superuser out/);
  const nobodyIsBound = experiment.judge({ dropped: { ...root, uid: dropped.uid }, root });
  assert.equal(nobodyIsBound.answer, 'does not hold');
  assert.match(nobodyIsBound.why, /does not exclude even ordinary users/);
});

test('who is not root is told to become it', async () => {
  assert.match((await experiment.missing?.(smallSetting({ identity: null }))) ?? '', /run it with sudo/);
});
