/**
 * A link across file systems: the verdict turns where both directories are on one, and when the lock is none.
 */
import assert from 'node:assert/strict';
import { realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type TestContext, test } from 'node:test';
import { experiment } from '../../../bench/reproduce/exdev/exdev.js';
import type { Setting } from '../../../bench/reproduce/experiment/experiment.js';
import { conclusive } from '../../support/limit.js';
import { smallSetting } from '../../support/setting.js';
import { needs } from '../../support/support.js';

/** With two file systems, or null if this machine has but one; then the test is skipped. */
function settingWithTwo(t: TestContext): Setting | null {
  const setting = smallSetting({ disk: realpathSync(tmpdir()) });
  const two = statSync(setting.memory).dev !== statSync(setting.disk).dev;
  return needs(t, two, `${setting.memory} and ${setting.disk} are on one file system`) ? setting : null;
}

test('no hard link leads from one file system to another; the claim falls where it does, or the lock is none', async (t) => {
  const setting = settingWithTwo(t);
  if (setting === null) return;
  assert.equal(await experiment.missing?.(setting), null);
  // That the lock changes hands often enough is for the machine to bring about: until it does, nothing is known.
  const evidence = await conclusive(async () => {
    const measured = await experiment.measure(setting, experiment.roles);
    const met = measured.beside.every(({ verdict }) => verdict.exclusion !== 'unchecked');
    return met ? measured : 'inconclusive';
  });
  assert.equal(experiment.judge(evidence).answer, 'holds');
  const { attempts, beside } = evidence;
  const answersAcross = (wanted: string): string[] =>
    attempts.flatMap(({ call, across, answer }) => (across && call === wanted ? [answer] : []));
  assert.deepEqual(answersAcross('rename'), ['EXDEV', 'EXDEV']);
  assert.deepEqual(answersAcross('symlink'), ['done', 'done']);

  const asWithin = attempts.map((one) => ({ ...one, answer: 'done' }));
  assert.equal(experiment.judge({ ...evidence, attempts: asWithin }).answer, 'does not hold');
  const excludesNobody = beside.map((cell) => ({
    ...cell,
    verdict: { ...cell.verdict, exclusion: 'violated' as const, violations: 1 },
  }));
  assert.equal(experiment.judge({ ...evidence, beside: excludesNobody }).answer, 'does not hold');
});

test('who has but one file system is told to name another', async () => {
  assert.match((await experiment.missing?.(smallSetting())) ?? '', /--dir/);
});
