/**
 * Polling: measured once; then the verdict turns when somebody else plays a part.
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { experiment } from '../../bench/experiments/polling.js';
import { smallSetting } from './setting.js';

let evidence: Awaited<ReturnType<typeof experiment.measure>>;
before(async () => {
  evidence = await experiment.measure(smallSetting(), experiment.cast);
});

test('spinning burns the processor, sleeping waits, and blocking does neither', async () => {
  assert.equal(experiment.judge(evidence).answer, 'holds');
  const drawn = (await experiment.drawing?.(evidence)) ?? '';
  for (const way of ['fcntl/block', 'excl/spin', 'excl/sleep:1s']) assert.match(drawn, new RegExp(way));
});

test('the claim falls if who should sleep between tries does not', () => {
  for (const sleeping of [evidence.yielding, evidence.blocking]) {
    assert.equal(experiment.judge({ ...evidence, sleeping }).answer, 'does not hold');
  }
});

test('the claim falls if who should spin is made to wait by the kernel', () => {
  const { blocking } = evidence;
  assert.equal(experiment.judge({ ...evidence, spinning: blocking }).answer, 'does not hold');
});

test('the claim falls if who sleeps has the lock as soon as it is free', () => {
  const sleeping = { ...evidence.sleeping, acquireNs: evidence.blocking.acquireNs };
  assert.equal(experiment.judge({ ...evidence, sleeping }).answer, 'does not hold');
});
