/**
 * The race: its verdict turns when nobody races, and when the lock is none.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MeasuredCell } from '../../../bench/measure/result/result-schema.js';
import { experiment } from '../../../bench/reproduce/race/race.js';
import { conclusive } from '../../support/limit.js';
import { smallSetting } from '../../support/setting.js';

const loses = ({ verdict }: MeasuredCell): boolean => verdict.sequence === 'lost-updates';

/** The cell, in which an update was lost: each for itself does so only when two of its processes met. */
const losing = (cell: MeasuredCell): MeasuredCell => ({
  ...cell,
  verdict: { ...cell.verdict, sequence: 'lost-updates', lost: Math.max(1, cell.verdict.lost) },
});

test('without a lock updates are lost, with one they are not, and a rogue brings it back', async () => {
  // That two meet is for the machine to bring about: until they do, nothing is known.
  const evidence = await conclusive(async () => {
    const measured = await experiment.measure(smallSetting(), experiment.roles);
    const raced = measured.unlocked.some(loses) && measured.rogue.some(loses);
    return raced ? experiment.evidence.parse(JSON.parse(JSON.stringify(measured))) : 'inconclusive';
  });
  const { locked, unlocked, rogue } = evidence;
  assert.ok(!locked.some(loses));
  const raced = { locked, unlocked: unlocked.map(losing), rogue: rogue.map(losing) };
  assert.equal(experiment.judge(raced).answer, 'holds');
  const noRace = experiment.judge({ ...raced, unlocked: locked });
  assert.equal(noRace.answer, 'does not hold', 'those without a lock have one');
  const noRogue = experiment.judge({ ...raced, rogue: locked });
  assert.equal(noRogue.answer, 'does not hold', 'the rogue does no harm');
  const noLock = experiment.judge({ ...raced, locked: raced.unlocked });
  assert.equal(noLock.answer, 'does not hold', 'the lock is none');
});
