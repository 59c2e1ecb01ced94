/**
 * The simulated machines do what is said of them, and what is promised is found kept, or missed, as it is.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMissed, isPromised, kept } from '../../../bench/dev/coverage/coverage.js';
import { models } from '../../../bench/dev/coverage/noise-models.js';
import { smallestFactor } from '../../../bench/dev/coverage/power.js';
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
    for (const model of models.filter((one) => isPromised(promise, one))) {
      const count = kept(promise, model, RUNS);
      assert.equal(
        isMissed(count, RUNS, promise.promised),
        false,
        `${promise.name}, ${model.name}: ${count}`,
      );
    }
});

test('where runs differ, rounds exchanged between two runs find changes that are none, and runs in turn do not', () => {
  const RUNS = 60;
  const model = models.find(({ name }) => name === 'runs differ');
  const share = (name: RegExp): number => {
    const promise = promises.find((one) => name.test(one.name));
    assert.ok(promise !== undefined && model !== undefined);
    return kept(promise, model, RUNS);
  };
  assert.equal(isMissed(share(/^rounds of 2 runs exchanged/), RUNS, 0.95), true);
  assert.equal(isMissed(share(/4 and 4 in turn$/), RUNS, 0.95), false);
});

test('the more runs, the smaller the change that can be told; of three and three there is none', () => {
  const [few, four, five] = [
    [3, 3],
    [4, 4],
    [5, 5],
  ].map(([earlier = 0, later = 0]) => smallestFactor({ earlier, later, rounds: 6 }));
  assert.equal(few, null);
  assert.ok(typeof four === 'number' && typeof five === 'number' && five < four, `${four}, ${five}`);
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
