/**
 * The race: its verdict turns when nobody races, and when the lock is none.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiment } from '../../../bench/reproduce/race/race.js';
import { conclusive } from '../../support/limit.js';
import { smallSetting } from '../../support/setting.js';

test('without a lock updates are lost, with one they are not, and a rogue brings it back', async () => {
  // That two meet is for the machine to bring about: until they do, nothing is known.
  const evidence = await conclusive(async () => {
    const measured = await experiment.measure(smallSetting(), experiment.roles);
    const raced = [...measured.unlocked, ...measured.rogue].every(({ verdict }) => verdict.lost > 0);
    return raced ? experiment.evidence.parse(JSON.parse(JSON.stringify(measured))) : 'inconclusive';
  });
  assert.equal(experiment.judge(evidence).answer, 'holds');
  const { locked, unlocked } = evidence;
  const noRace = experiment.judge({ ...evidence, unlocked: locked });
  assert.equal(noRace.answer, 'does not hold', 'those without a lock have one');
  const noLock = experiment.judge({ ...evidence, locked: unlocked });
  assert.equal(noLock.answer, 'does not hold', 'the lock is none');
});
