/**
 * The crash: its verdict turns when the lock file goes with its holder, when the kernel's lock or recovery does not help, and
 * when a pid file knows a stranger.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashTables, type Role } from '../../../bench/reproduce/crash/crash-evidence.js';
import { experiment } from '../../../bench/reproduce/crash/crash-experiment.js';
import { smallSetting } from '../../support/setting.js';
import { needs } from '../../support/support.js';

test('a lock file is stuck, fcntl is not, and a pid file takes a stranger for the holder', async (t) => {
  const evidence = await experiment.measure(smallSetting(), experiment.roles);
  assert.equal(experiment.judge(evidence).answer, 'holds');
  assert.deepEqual(
    evidence.struck.filter(({ event }) => event === 'stop').map(({ outcome }) => outcome),
    ['overtaken'],
    'the age of a file says nothing about its holder',
  );

  const knowing = evidence.forged.map((one) => ({ ...one, outcome: 'taken-over' as const, freedNs: null }));
  assert.equal(experiment.judge({ ...evidence, forged: knowing }).answer, 'does not hold');

  /** The verdict, had this come of a holder's death. */
  const answerIf = (role: Role, outcome: 'stuck' | 'released'): string => {
    const struck = evidence.struck.map((one) =>
      one.role === role && one.event === 'kill' ? { ...one, outcome } : one,
    );
    return experiment.judge({ ...evidence, struck }).answer;
  };
  assert.equal(answerIf('file', 'released'), 'does not hold', 'the lock file goes with its holder');
  assert.equal(answerIf('kernel', 'stuck'), 'does not hold', 'the lock of the kernel stays');
  assert.equal(answerIf('pid', 'stuck'), 'does not hold', 'the cure is none');

  const raced = evidence.struck.map((one) =>
    one.role === 'simple' ? { ...one, outcome: 'released' as const } : one,
  );
  assert.deepEqual(
    crashTables({ ...evidence, struck: raced })[0],
    crashTables(evidence)[0],
    'who removes a pid file and who makes the next may be two: a dead holder released nothing',
  );

  const { again } = evidence;
  const reason = again.state === 'played' ? '' : again.reason;
  if (!needs(t, again.state === 'played', `a pid cannot be made to come again: ${reason}`)) return;
  assert.deepEqual(
    again.state === 'played' && again.played.map(({ outcome }) => outcome),
    ['stuck', 'taken-over'],
    'the pid that came again fools the pid file, and not the lock that knows its start time',
  );
});

test('without the locks that the claim is about nothing is decided', async () => {
  const evidence = {
    ...{ struck: [], forged: [], again: { state: 'not-permitted', reason: 'a container' } as const },
    unplayed: [{ role: 'kernel' as const, strategy: 'fcntl', reason: 'ENOLCK' }],
  };
  assert.equal(experiment.judge(evidence).answer, 'undecided');
});
