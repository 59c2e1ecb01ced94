/**
 * Scaling, for fewer processes: the verdict turns when one of the locks is none, and is none when nobody would have
 * noticed.
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { scaling } from '../../../bench/reproduce/scaling/scaling.js';
import { conclusive } from '../../support/limit.js';
import { smallSetting } from '../../support/setting.js';

const experiment = scaling([1, 2]);
let evidence: Awaited<ReturnType<typeof experiment.measure>>;
before(async () => {
  // That those without a lock meet is for the machine to bring about: until they do, nothing is known.
  evidence = await conclusive(async () => {
    const measured = await experiment.measure(smallSetting(), experiment.roles);
    return measured.unlocked.every(({ verdict }) => verdict.lost > 0) ? measured : 'inconclusive';
  });
});

test('no lock loses updates, and the drawing has a line for each', async () => {
  assert.equal(experiment.judge(evidence).answer, 'holds');
  const [costs] = experiment.tables(evidence);
  assert.deepEqual(costs?.head, ['processes', '1', '2']);
  const drawn = (await experiment.drawing?.(evidence)) ?? '';
  for (const [way] of costs.rows) assert.ok(drawn.includes(`>${way}<`), way);
});

test('the claim falls if one of the locks is none', () => {
  const { locks, unlocked } = evidence;
  const why = experiment.judge({ ...evidence, locks: [...locks.slice(1), unlocked] });
  assert.equal(why.answer, 'does not hold');
});

test('nothing is decided if those without a lock lose nothing either', () => {
  const [unlocked = []] = evidence.locks;
  assert.equal(experiment.judge({ ...evidence, unlocked }).answer, 'undecided');
});

test('more processes than the memory has room for are left out, which is said', async () => {
  const said: string[] = [];
  const setting = smallSetting({ warn: (text) => said.push(text) });
  const little = { ...setting.environment, memoryBytes: 100e6 };
  const { locks } = await scaling([1, 64]).measure({ ...setting, environment: little }, experiment.roles);
  assert.ok(locks.every((cells) => cells.length === 1));
  assert.match(said.join('\n'), /64 processes were left out: too little memory/);
});
