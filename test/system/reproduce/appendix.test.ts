/**
 * The book's table for one thread: the verdict turns when the most expensive plays the cheapest. What a lock costs here in one
 * round or two is as far from that as other programs make it; so the verdict is asked about costs that are given.
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { z } from 'zod';
import { experiment } from '../../../bench/reproduce/appendix/appendix.js';
import { smallSetting } from '../../support/setting.js';

type Evidence = z.infer<typeof experiment.evidence>;
type Part = keyof Evidence['locks'];

let measured: Evidence;
before(async () => {
  const evidence = await experiment.measure(smallSetting(), experiment.roles);
  measured = experiment.evidence.parse(JSON.parse(JSON.stringify(evidence)));
});

/** The evidence, with locks that cost so much, ns; each of the others costs 500. */
function costing(costs: Partial<Record<Part, number>>): Evidence {
  const locks = Object.entries(measured.locks).map(([part, { strategy, samples }]) => [
    part,
    { strategy, samples: samples.map(({ block }) => ({ block, ns: costs[part as Part] ?? 500 })) },
  ]);
  const emptyCalls = measured.emptyCalls.map(({ block }) => ({ block, ns: 50 }));
  return experiment.evidence.parse({ locks: Object.fromEntries(locks), emptyCalls });
}

const answerOf = (costs: Partial<Record<Part, number>>): string => experiment.judge(costing(costs)).answer;

test('each lock is measured, and the table has the book beside ours', () => {
  for (const { samples } of Object.values(measured.locks)) assert.ok(samples.every(({ ns }) => ns > 0));
  assert.ok(measured.emptyCalls.every(({ ns }) => ns > 0));
  const [table] = experiment.tables(measured);
  const [mutex, , memorySemaphore] = table?.rows ?? [];
  assert.deepEqual(mutex?.slice(0, 4), ['mutex', '0.70 s', '1.00', 'robust-mutex']);
  assert.ok(memorySemaphore?.includes('no strategy of ours'));
});

test('the claim holds if no lock costs less than a mutex, and fcntl costs most', () => {
  assert.equal(answerOf({ mutex: 100, record: 2_000 }), 'holds');
});

test('the claim falls if the mutex is a record lock', () => {
  assert.equal(answerOf({ mutex: 2_000, record: 2_000 }), 'does not hold');
});

test('the claim falls if the record lock is a mutex', () => {
  assert.equal(answerOf({ mutex: 100, record: 100 }), 'does not hold');
});
