import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offsetOf } from '../../../bench/hosts/clocks.js';
import { handoffTimes } from '../../../bench/hosts/host-records.js';

test('the quickest answer tells the offset, and how wrong it may be', () => {
  const ahead = 1_000_000n;
  // Asked, answered by a clock that is ahead, came back: the second took less than the others.
  const { offsetNs, errorNs } = offsetOf([
    [0n, ahead + 900n, 1000n],
    [2000n, ahead + 2050n, 2100n],
    [3000n, ahead + 3100n, 3900n],
  ]);
  assert.equal(offsetNs, ahead);
  assert.equal(errorNs, 50);
});

const hostOf = (worker: number): string => (worker < 2 ? 'a' : 'b');
const turn = (worker: number, number: number, askedNs: number, acquiredNs: number, releasedNs: number) => ({
  ...{ worker, number, askedNs, acquiredNs, releasedNs },
});

test('hand-offs are told apart by where the next one was, and only where it waited', () => {
  const { between, within } = handoffTimes(
    [
      turn(0, 2, 0, 10, 20),
      turn(1, 3, 5, 23, 30),
      turn(2, 4, 6, 37, 40),
      // It had not asked yet when the lock was given back.
      turn(0, 5, 50, 51, 60),
      // By the same one.
      turn(0, 6, 55, 61, 70),
    ],
    hostOf,
  );
  assert.deepEqual(within, [3]);
  assert.deepEqual(between, [7]);
});

test('the order is that of the numbers: between hosts a clock may be wrong by more than a hand-off takes', () => {
  const { between } = handoffTimes([turn(2, 3, 5, 8, 30), turn(0, 2, 0, 10, 20)], hostOf);
  assert.deepEqual(between, [-12]);
});
