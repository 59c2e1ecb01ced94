/**
 * The race: its verdict turns when nobody races, and when the lock is none.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiment } from '../../../bench/reproduce/race/race.js';
import { verdictOf } from '../../support/setting.js';

test('without a lock updates are lost, with one they are not, and a rogue brings it back', async () => {
  assert.equal((await verdictOf(experiment)).answer, 'holds');
});

test('the claim falls if those without a lock have one', async () => {
  assert.equal((await verdictOf(experiment, { unlocked: 'flock' })).answer, 'does not hold');
});

test('the claim falls if the lock is none', async () => {
  assert.equal((await verdictOf(experiment, { locked: 'broken' })).answer, 'does not hold');
});
