/**
 * The simulated machines do what is said of them, and what is promised is found kept, or missed, as it is.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMissed, kept } from '../../../bench/dev/coverage/coverage.js';
import { models } from '../../../bench/dev/coverage/noise-models.js';
import { promises } from '../../../bench/dev/coverage/promises.js';
import { xorshift32 } from '../../../bench/statistics/xorshift32.js';

test('in the long run a machine’s median is the one that it says', () => {
  for (const model of models) {
    const machine = model.start(1, xorshift32(3));
    const costs = Array.from({ length: 6000 }, () => machine.block()[0] ?? Number.NaN);
    const { median, reach } = machine.truth();
    const below = costs.filter((cost) => cost < median - reach).length;
    const above = costs.filter((cost) => cost > median + reach).length;
    assert.ok(Math.max(below, above) <= 3200, `${model.name}: ${below} below, ${above} above`);
  }
});

test('a few runs of each promise keep what is promised, on each machine', () => {
  const RUNS = 60;
  for (const promise of promises)
    for (const model of models) {
      const count = kept(promise, model, RUNS);
      assert.equal(
        isMissed(count, RUNS, promise.promised),
        false,
        `${promise.name}, ${model.name}: ${count}`,
      );
    }
});

test('an interval that covers too little is found out', () => {
  const [first] = promises;
  const halved = {
    name: 'by half',
    promised: 0.95,
    isKept: (_: unknown, random: () => number) => random() < 0.5,
  };
  const [model] = models;
  assert.ok(first !== undefined && model !== undefined);
  assert.equal(isMissed(kept(halved, model, 60), 60, 0.95), true);
});
