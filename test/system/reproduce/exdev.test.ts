/**
 * A link across file systems: the verdict turns where both directories are on one, and when the lock is none.
 */
import assert from 'node:assert/strict';
import { realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type TestContext, test } from 'node:test';
import { experiment } from '../../../bench/reproduce/exdev/exdev.js';
import type { Setting } from '../../../bench/reproduce/experiment/experiment.js';
import { smallSetting, verdictOf } from '../../support/setting.js';
import { needs } from '../../support/support.js';

/** With two file systems, or null if this machine has but one; then the test is skipped. */
function settingWithTwo(t: TestContext): Setting | null {
  const setting = smallSetting({ disk: realpathSync(tmpdir()) });
  const two = statSync(setting.memory).dev !== statSync(setting.disk).dev;
  return needs(t, two, `${setting.memory} and ${setting.disk} are on one file system`) ? setting : null;
}

test('no hard link leads from one file system to another', async (t) => {
  const setting = settingWithTwo(t);
  if (setting === null) return;
  assert.equal(await experiment.missing?.(setting), null);
  const evidence = await experiment.measure(setting, experiment.roles);
  assert.equal(experiment.judge(evidence).answer, 'holds');
  const answersAcross = (wanted: string): string[] =>
    evidence.attempts.flatMap(({ call, across, answer }) => (across && call === wanted ? [answer] : []));
  assert.deepEqual(answersAcross('rename'), ['EXDEV', 'EXDEV']);
  assert.deepEqual(answersAcross('symlink'), ['done', 'done']);
});

test('the claim falls if the two directories are on one file system', async () => {
  assert.equal((await verdictOf(experiment)).answer, 'does not hold');
});

test('the claim falls if the lock with its name beside it excludes nobody', async (t) => {
  const setting = settingWithTwo(t);
  if (setting === null) return;
  assert.equal((await verdictOf(experiment, { beside: 'broken' }, setting)).answer, 'does not hold');
});

test('who has but one file system is told to name another', async () => {
  assert.match((await experiment.missing?.(smallSetting())) ?? '', /--dir/);
});
