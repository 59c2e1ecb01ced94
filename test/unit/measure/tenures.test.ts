/**
 * The owner log in short: tenures, on acquisitions made by hand.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Acquisition } from '../../../bench/measure/verdict/owner-log.js';
import { MOST_TENURES, tenuresOf } from '../../../bench/measure/verdict/tenures.js';

/** Asked, acquired and released, by which process. */
const log = (...turns: readonly (readonly [number, number, number, number])[]): Acquisition[] =>
  turns.map(([worker, askedNs, acquiredNs, releasedNs], i) => ({
    ...{ worker, number: i + 2, askedNs, acquiredNs, releasedNs },
  }));

test('turns of one process in a row are one tenure, from the first acquisition to the last release', () => {
  assert.deepEqual(tenuresOf(log([0, 0, 10, 20], [0, 21, 22, 30], [1, 5, 35, 40], [0, 31, 45, 50])), {
    worker: [0, 1, 0],
    turns: [2, 1, 1],
    askedNs: [0, 5, 31],
    fromNs: [10, 35, 45],
    toNs: [30, 40, 50],
  });
});

test('what was over before the last process had asked for the first time is left out', () => {
  const tenures = tenuresOf(log([0, 0, 1, 2], [0, 3, 4, 5], [0, 6, 7, 30], [1, 25, 31, 40]));
  assert.deepEqual(tenures?.fromNs, [7, 31]);
});

test('two that were inside at once have tenures that overlap', () => {
  const tenures = tenuresOf(log([0, 0, 10, 50], [1, 0, 20, 30]));
  assert.deepEqual(
    [tenures?.fromNs, tenures?.toNs],
    [
      [10, 20],
      [50, 30],
    ],
  );
});

test('one process alone has no tenures, nor has an empty log', () => {
  assert.equal(tenuresOf(log([0, 0, 1, 2], [0, 3, 4, 5])), null);
  assert.equal(tenuresOf([]), null);
});

test('a long log is cut off, with the last tenure whole', () => {
  const alternating = Array.from({ length: 1000 }, (_, i) => [(i >> 1) % 2, 0, 10 * i, 10 * i + 5] as const);
  const tenures = tenuresOf(log(...alternating));
  assert.equal(tenures?.worker.length, MOST_TENURES);
  assert.deepEqual([tenures?.turns.at(-1), tenures?.toNs.at(-1)], [2, 10 * (2 * MOST_TENURES - 1) + 5]);
});
