/**
 * fcntl over NFS: its verdict turns when a turn asks the server for nothing, and when updates are lost.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeMissing, kernelOrNull, missingFor } from '../../../bench/lab/requirements.js';
import { experiment, overNfs } from '../../../bench/reproduce/80x/80x.js';
import { smallSetting, verdictOf } from '../../support/setting.js';
import { needs } from '../../support/support.js';

/** A line needs two points, and what is counted does not depend on how often. */
const SMALL = { roundTripsNs: [0, 1e6], increments: 20 };
const small = overNfs(SMALL);

const missing = missingFor('vm', kernelOrNull());
const able = missing.reasons.length === 0;
const why = `the lab needs ${describeMissing(missing)}`;

test('in the lab it holds under a round trip, and falls if updates are lost', async (t) => {
  if (!needs(t, able, why)) return;
  assert.equal(await experiment.missing?.(smallSetting()), null);
  const measured = await small.measure(smallSetting(), experiment.roles);
  const evidence = experiment.evidence.parse(JSON.parse(JSON.stringify(measured)));
  const verdict = experiment.judge(evidence);
  assert.equal(verdict.answer, 'holds under', JSON.stringify(verdict));
  assert.match((await experiment.drawing?.(evidence)) ?? '', /^<svg/);
  assert.ok(evidence.testDirectory === 'lab');
  assert.deepEqual(
    evidence.findings.calls.map(({ way, inSequence, turns }) => [way, Math.round(inSequence / turns)]),
    [
      ['v3', 5],
      ['v4.2', 3],
      ['v4.2-shared', 5],
    ],
  );

  const rounds = evidence.findings.rounds.map((round) => ({ ...round, lost: 1 }));
  const losing = { ...evidence, findings: { ...evidence.findings, rounds } };
  assert.equal(experiment.judge(losing).answer, 'does not hold');
});

test('the claim falls if a turn asks the server for nothing', async (t) => {
  if (!needs(t, able, why)) return;
  const least = overNfs({ ...SMALL, versions: ['v3'] });
  assert.equal((await verdictOf(least, { lock: 'shm-flag' })).answer, 'does not hold');
});
