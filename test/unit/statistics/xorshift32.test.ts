/**
 * The seeded generator, and the orders it makes.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shuffled, xorshift32 } from '../../../bench/statistics/xorshift32.js';

const draw = (random: () => number, count: number): number[] => Array.from({ length: count }, random);

/** How often each order of three elements comes out of this many shuffles. */
function ordersOfThree(shuffles: number, generatorFor: (i: number) => () => number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i < shuffles; i++) {
    const order = shuffled(['a', 'b', 'c'], generatorFor(i)).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  return counts;
}

function assertEqualShares(counts: ReadonlyMap<string, number>, shuffles: number): void {
  assert.equal(counts.size, 6);
  const expected = shuffles / 6;
  const chiSquared = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  // Five degrees of freedom: a fair shuffle exceeds 25.7 once in ten thousand times, and the seeds are fixed.
  assert.ok(chiSquared < 25.7, `χ² is ${chiSquared}: ${JSON.stringify([...counts])}`);
}

test('the same seed gives the same numbers and the same order, another seed others', () => {
  const items = Array.from({ length: 20 }, (_, i) => i);
  assert.deepEqual(draw(xorshift32(7), 50), draw(xorshift32(7), 50));
  assert.deepEqual(shuffled(items, xorshift32(7)), shuffled(items, xorshift32(7)));
  assert.notDeepEqual(draw(xorshift32(7), 50), draw(xorshift32(8), 50));
  assert.notDeepEqual(shuffled(items, xorshift32(7)), shuffled(items, xorshift32(8)));
});

test('the numbers are those of Marsaglia’s paper', () => {
  // The seed that the spreading of seeds turns into the state of his example.
  let inverse = 1;
  for (let i = 0; i < 5; i++) inverse = Math.imul(inverse, 2 - Math.imul(0x9e3779b1, inverse));
  const random = xorshift32(Math.imul(2_463_534_242 ^ 0x5bd1e995, inverse));
  assert.equal(random() * 2 ** 32, 723_471_715);
  assert.equal(random() * 2 ** 32, 2_497_366_906);
});

test('the seed that would lead to the state zero gives numbers, too', () => {
  let inverse = 1;
  for (let i = 0; i < 5; i++) inverse = Math.imul(inverse, 2 - Math.imul(0x9e3779b1, inverse));
  const numbers = draw(xorshift32(Math.imul(0x5bd1e995, inverse)), 10);
  assert.equal(new Set(numbers).size, 10);
});

test('numbers lie in [0, 1) and fill it evenly', () => {
  for (const seed of [0, 1, 2, 2 ** 31 - 1]) {
    const numbers = draw(xorshift32(seed), 10_000);
    assert.ok(numbers.every((number) => number >= 0 && number < 1));
    for (let tenth = 0; tenth < 10; tenth++) {
      const count = numbers.filter((number) => Math.floor(number * 10) === tenth).length;
      assert.ok(count > 850 && count < 1150, `seed ${seed}: ${count} of 10 000 in tenth ${tenth}`);
    }
  }
});

test('a shuffle is a permutation and leaves its input as it was', () => {
  const random = xorshift32(11);
  for (let length = 0; length < 50; length++) {
    const items = Object.freeze(Array.from({ length }, (_, i) => i));
    const result = shuffled(items, random);
    assert.deepEqual(
      [...result].sort((a, b) => a - b),
      items,
    );
  }
});

test('all orders of three are equally frequent, within one stream of numbers', () => {
  const random = xorshift32(3);
  assertEqualShares(
    ordersOfThree(60_000, () => random),
    60_000,
  );
});

test('all orders of three are equally frequent, as the first of seeds that follow each other', () => {
  assertEqualShares(
    ordersOfThree(6_000, (i) => xorshift32(i)),
    6_000,
  );
});
