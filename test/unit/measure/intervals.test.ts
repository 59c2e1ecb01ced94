/**
 * Two inside at once, told from when each was inside.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exclusionOf } from '../../../bench/measure/verdict/overlaps.js';
import type { Acquisition } from '../../../bench/measure/verdict/owner-log.js';
import type { Role } from '../../../bench/measure/worker/job.js';

/** Who was inside, from when until when; in the order of the times of acquisition. */
const log = (...entries: readonly (readonly [number, number, number])[]): Acquisition[] =>
  entries.map(([worker, acquiredNs, releasedNs], i) => ({
    ...{ worker, acquiredNs, releasedNs },
    ...{ number: i + 2, askedNs: acquiredNs - 1 },
  }));

const lockers: readonly Role[] = ['locker', 'locker', 'locker'];
const readers: readonly Role[] = ['locker', 'reader', 'reader'];

test('intervals that touch do not overlap', () => {
  const { violations, handoffs, first } = exclusionOf(log([0, 10, 20], [1, 20, 30], [0, 30, 40]), lockers);
  assert.deepEqual([violations, handoffs, first], [0, 2, null]);
});

test('one who comes in before another has left is a violation, and the first one is told', () => {
  const { violations, first } = exclusionOf(
    log([0, 10, 20], [0, 21, 40], [1, 39, 50], [0, 55, 60], [2, 56, 57]),
    lockers,
  );
  assert.equal(violations, 2);
  assert.deepEqual(first, { worker: 1, beside: 0, atNs: 39, turn: 0 });
});

test('one who stays long is beside all who come in meanwhile, not beside the next alone', () => {
  const { violations } = exclusionOf(log([0, 10, 100], [1, 20, 30], [2, 40, 50], [1, 60, 70]), lockers);
  assert.equal(violations, 3);
});

test('the turn is the one of the worker that came in', () => {
  const { first } = exclusionOf(log([1, 1, 2], [1, 3, 4], [0, 10, 20], [1, 15, 16]), lockers);
  assert.deepEqual(first, { worker: 1, beside: 0, atNs: 15, turn: 2 });
});

test('readers may be beside each other, and not beside a writer, whichever came first', () => {
  assert.equal(exclusionOf(log([1, 10, 30], [2, 20, 40], [0, 40, 50]), readers).violations, 0);
  const writerIn = exclusionOf(log([1, 10, 30], [0, 20, 25]), readers);
  assert.deepEqual([writerIn.violations, writerIn.first?.beside], [1, null]);
  const readerIn = exclusionOf(log([0, 10, 30], [2, 20, 25]), readers);
  assert.deepEqual([readerIn.violations, readerIn.first], [1, { worker: 2, beside: 0, atNs: 20, turn: 0 }]);
});

test('one reader after another is no hand-off', () => {
  const { handoffs } = exclusionOf(log([1, 1, 2], [2, 3, 4], [0, 5, 6], [2, 7, 8], [2, 9, 10]), readers);
  assert.equal(handoffs, 2);
});
