/**
 * Polling: the verdict turns when somebody plays the part of another.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiment } from '../../../bench/reproduce/polling/polling.js';
import { smallSetting, verdictOf } from '../../support/setting.js';

test('spinning burns the processor, sleeping waits, and blocking does neither', async () => {
  const evidence = await experiment.measure(smallSetting(), experiment.roles);
  assert.equal(experiment.judge(evidence).answer, 'holds');
  const drawn = (await experiment.drawing?.(evidence)) ?? '';
  for (const way of ['fcntl/block', 'excl/spin', 'excl/sleep:1s']) assert.match(drawn, new RegExp(way));
});

test('the claim falls if who should sleep between tries does not', async () => {
  const { answer, why } = await verdictOf(experiment, { sleeping: 'excl/yield' });
  assert.equal(answer, 'does not hold', why);
});

test('the claim falls if who should sleep has the lock as soon as it is free', async () => {
  const { answer, why } = await verdictOf(experiment, { sleeping: 'fcntl/block' });
  assert.equal(answer, 'does not hold');
  assert.match(why, /should sleep between the tries/);
});

test('the claim falls if who should spin is made to wait by the kernel', async () => {
  assert.equal((await verdictOf(experiment, { spinning: 'fcntl/block' })).answer, 'does not hold');
});
