/**
 * The book's table for one thread: the verdict turns when the dearest plays the cheapest.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiment } from '../../../bench/reproduce/appendix/appendix.js';
import { smallSetting, verdictOf } from '../../support/setting.js';

test('no lock is cheaper than a mutex, fcntl is the dearest, and the table has the book beside ours', async () => {
  // In one round alone another program may have slowed a single lock down.
  const evidence = await experiment.measure(smallSetting({ rounds: 2 }), experiment.roles);
  assert.equal(experiment.judge(evidence).answer, 'holds');
  const [table] = experiment.tables(evidence);
  const [mutex, , memorySemaphore] = table?.rows ?? [];
  assert.deepEqual(mutex?.slice(0, 4), ['mutex', '0.70 s', '1.00', 'robust-mutex']);
  assert.ok(memorySemaphore?.includes('no strategy of ours'));
});

test('the claim falls if the mutex is a record lock', async () => {
  assert.equal((await verdictOf(experiment, { mutex: 'fcntl' })).answer, 'does not hold');
});

test('the claim falls if the record lock is a mutex', async () => {
  assert.equal((await verdictOf(experiment, { record: 'robust-mutex' })).answer, 'does not hold');
});
