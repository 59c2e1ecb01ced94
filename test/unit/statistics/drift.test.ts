/**
 * Drift: what rises or falls from block to block is seen, what scatters is not, and a machine's own is everybody's.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drifts } from '../../../bench/statistics/drift.js';
import type { SamplesByBlock } from '../../../bench/statistics/paired-ratio.js';
import { xorshift32 } from '../../../bench/statistics/xorshift32.js';

const samples = (...ns: readonly number[]): SamplesByBlock => new Map(ns.map((one, block) => [block, one]));

test('a cost that rises or falls in each of six blocks drifts, by the last third over the first', () => {
  const [rising, falling] = drifts([samples(10, 11, 13, 14, 18, 21), samples(60, 50, 40, 30, 20, 10)]);
  assert.deepEqual(rising, { isDrifting: true, change: 19.5 / 10.5 });
  assert.deepEqual(falling, { isDrifting: true, change: 15 / 55 });
});

test('what goes up and down, stays the same, or has too few blocks does not drift', () => {
  for (const cell of [
    samples(10, 14, 9, 15, 11, 12),
    samples(5, 5, 5, 5, 5, 5),
    samples(1, 2, 3, 4),
    samples(1),
    samples(),
  ])
    assert.equal(drifts([cell])[0]?.isDrifting, false, JSON.stringify([...cell]));
  assert.deepEqual(drifts([]), []);
});

test('a cell that lacks blocks is left out, and spoils nothing for the others', () => {
  const part = new Map([
    [0, 1],
    [1, 2],
  ]);
  assert.deepEqual(
    drifts([samples(10, 11, 13, 14, 18, 21), part]).map(({ isDrifting }) => isDrifting),
    [true, false],
  );
});

test('of eight cells that only scatter, some drifts in few runs; a machine that slows down is seen in all', () => {
  const random = xorshift32(9);
  const RUNS = 40;
  const eight = (slower: number): SamplesByBlock[] =>
    Array.from({ length: 8 }, () =>
      samples(
        ...Array.from({ length: 8 }, (_, block) => (100 - 3 * Math.log(1 - random())) * slower ** block),
      ),
    );
  const seen = (slower: number): number =>
    Array.from({ length: RUNS }).filter(() => drifts(eight(slower)).some(({ isDrifting }) => isDrifting))
      .length;
  // Two of forty are 5%, and the seed is fixed; each cell tested by itself would be wrong in a third of the runs.
  const wrong = seen(1);
  assert.ok(wrong <= 5, `${wrong} of ${RUNS}`);
  assert.equal(seen(1.05), RUNS);
});
