import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../bench/base/usage-error.js';
import { inTurn, introduceMyself, requireAlike } from '../../../bench/hosts/company.js';

test('few ranks are on as many hosts as there are', () => {
  const hostOf = (rank: number): string => (rank <= 3 ? 'a' : rank <= 5 ? 'b' : 'c');
  assert.deepEqual(inTurn([1, 2, 3, 4, 5, 6], hostOf), [1, 4, 6, 2, 5, 3]);
  assert.deepEqual(inTurn([], hostOf), []);
});

const named = (rank: number): string => `rank ${rank} on h${rank}`;

for (const [key, value, words] of [
  [
    'lockbench',
    '9.9.9',
    /the same lockbench on all ranks was expected, rank 0 on h0 has .*, rank 2 on h2 has 9\.9\.9/,
  ],
  ['node', 'v1.2.3', /the same Node on all ranks/],
  ['uid', 4242, /the same user id on all ranks/],
] as const) {
  test(`a rank with another ${key} is refused, and named`, () => {
    const hello = introduceMyself();
    const hellos = new Map([0, 1, 2].map((rank) => [rank, rank === 2 ? { ...hello, [key]: value } : hello]));
    assert.throws(
      () => requireAlike(hellos, named),
      (error) => error instanceof UsageError && words.test(error.message),
    );
  });
}

test('ranks that are alike are taken', () => {
  const hello = introduceMyself();
  requireAlike(new Map([0, 1].map((rank) => [rank, { ...hello, host: `h${rank}`, pid: rank }])), named);
});
