/**
 * When `prove` says that no two were inside: after enough hand-offs, and not because the lock was hardly handed over.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observeExclusion } from '../../../bench/prove/round-checks.js';

/** Rounds that come to these hand-offs, one after the other; two are inside in the last one if `violations` says so. */
function rounds(handoffs: readonly number[], violations = 0) {
  const left = [...handoffs];
  const play = async () => {
    const now = left.shift();
    if (now === undefined) throw new Error('no further round was expected');
    const inside = left.length === 0 ? violations : 0;
    const first = inside === 0 ? null : { worker: 0, beside: 1, atNs: 1, turn: 1 };
    return { violations: inside, handoffs: now, first };
  };
  return { play, isLate: () => left.length === 0 };
}

test('rounds with few hand-offs are played until there were enough', async () => {
  const { play, isLate } = rounds([3, 60, 37]);
  const { isSo, observed } = await observeExclusion(play, isLate);
  assert.deepEqual([isSo, observed], [true, 'two were inside 0 times in 100 hand-offs']);
});

test('a lock that is hardly handed over is not said to exclude', async () => {
  const { play, isLate } = rounds([3, 60, 36]);
  await assert.rejects(observeExclusion(play, isLate), /handed over 99 times in 120 s; 100 are the minimum/);
});

test('two inside are told whatever the hand-offs', async () => {
  const { play, isLate } = rounds([2, 1], 1);
  const { isSo, observed } = await observeExclusion(play, isLate);
  assert.deepEqual([isSo, observed], [false, 'two were inside 1 time in 3 hand-offs']);
});
