import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adjustedPValues, choose, smallestPossibleP } from '../../../bench/statistics/max-permutation.js';
import { xorshift32 } from '../../../bench/statistics/xorshift32.js';

const random = xorshift32(7);
const some = (n: number, above = 0): number[] => Array.from({ length: n }, () => above + random());

test('a figure that lies far above gets the smallest p there is; others beside it do not', () => {
  const [far, alike] = adjustedPValues(
    [
      { earlier: some(6), later: some(6, 100) },
      { earlier: [1, 2, 3, 4, 5, 6], later: [2, 1, 4, 3, 6, 5] },
    ],
    random,
  );
  assert.equal(far, smallestPossibleP(6, 6));
  assert.equal(far, 2 / 924);
  assert.equal(alike, 1);
});

test('a block that is slow as a whole is not taken for a change of each of its figures', () => {
  // Without the joint exchange 30 figures that rise and fall together would be 30 tests.
  const drift = some(12);
  const figures = Array.from({ length: 30 }, () => {
    const values = drift.map((one) => one + random() / 1000);
    return { earlier: values.slice(0, 6), later: values.slice(6) };
  });
  const p = adjustedPValues(figures, random);
  assert.ok(Math.max(...p) - Math.min(...p) < 0.2, String(p));
});

test('figures that changed nothing are called changed in no more than 1 of 20 comparisons', () => {
  // Fixed draws: 200 comparisons of 10 figures each, skewed as times are. At 5% 10 are expected, and 19 or more once in 200.
  let called = 0;
  for (let i = 0; i < 200; i++) {
    const figures = Array.from({ length: 10 }, () => {
      const skewed = (n: number): number[] => some(n).map((one) => Math.log(1 / (1.001 - one)));
      return { earlier: skewed(4), later: skewed(4) };
    });
    if (adjustedPValues(figures, random).some((p) => p <= 0.05)) called++;
  }
  assert.ok(called < 19, `${called} of 200`);
  assert.ok(called > 0, 'a test that never calls anything changed finds nothing');
});

test('blocks that lack a figure are left out of it', () => {
  const [p] = adjustedPValues([{ earlier: [1, null, 1.1, 0.9, 1], later: [9, 9.1, null, 8.9, 9] }], random);
  // Exchanges that leave one of the runs with a single figure tell nothing: 0.05 is not reached by their number alone.
  assert.ok((p ?? 1) <= 0.05, String(p));
  assert.deepEqual(adjustedPValues([{ earlier: [null, null], later: [1, 2] }], random), [1]);
});

test('many blocks are exchanged in some of the ways, the real one among them', () => {
  const [p] = adjustedPValues([{ earlier: some(20), later: some(20, 50) }], random);
  assert.equal(p, 1 / 5000);
  assert.equal(choose(40, 20), 137846528820);
});

test('two samples can never reach 5%, nor can one beside however many', () => {
  assert.equal(smallestPossibleP(1, 30), 1, 'one has no variance');
  assert.equal(smallestPossibleP(2, 2), 2 / 6);
  assert.equal(smallestPossibleP(3, 3), 2 / 20);
  assert.equal(smallestPossibleP(4, 4), 2 / 70);
});
