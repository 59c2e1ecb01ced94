/**
 * The daemon: its verdict turns when the lock outlives its holder, when the second start is let in, and when digits of an
 * earlier pid stay.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { experiment } from '../../../bench/reproduce/daemon/daemon-experiment.js';
import { smallSetting, verdictOf } from '../../support/setting.js';

test('a second start is refused, and the lock dies with the daemon', async () => {
  const evidence = await experiment.measure(smallSetting(), experiment.roles);
  assert.deepEqual(experiment.judge(evidence).answer, 'holds');

  const [round] = evidence.rounds;
  assert.ok(round?.first.state === 'running' && round.third.state === 'running');
  for (const { pid } of [round.first, round.third]) {
    assert.ok(!existsSync(`/proc/${pid}`), 'no daemon is left');
  }
  const answerOf = (changed: Partial<typeof round>) =>
    experiment.judge({ ...evidence, rounds: [{ ...round, ...changed }] }).answer;
  const digitsLeft = { ...round.third, file: `${round.third.file}9999\n` };
  assert.equal(answerOf({ third: digitsLeft }), 'does not hold');
  assert.equal(answerOf({ second: round.first }), 'does not hold');
});

test('the claim falls if the lock outlives its holder', async () => {
  const verdict = await verdictOf(experiment, { way: 'shm-flag' });
  assert.equal(verdict.answer, 'does not hold');
  assert.match(verdict.why, /the third start was refused although the first was dead/);
});
