/**
 * The owner log and the latencies that are read off it, on stamps made by hand; and percentiles against known answers.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Acquisition,
  acquireLatency,
  handoffLatency,
  ownerLog,
} from '../../../bench/measure/verdict/owner-log.js';
import { percentiles } from '../../../bench/statistics/percentiles.js';
import { shuffled, xorshift32 } from '../../../bench/statistics/xorshift32.js';

const GATE = 9_000_000_000_000_000n;

/** Stamps of a worker, from asked, acquired, released after the gate. */
const stampsOf = (...turns: readonly (readonly [number, number, number])[]): BigInt64Array =>
  BigInt64Array.from(turns.flat().map((ns) => GATE + BigInt(ns)));

test('two workers’ stamps become one log, in the order in which they got the lock', () => {
  const stamps = [stampsOf([0, 10, 20], [25, 60, 70]), stampsOf([5, 30, 50], [55, 80, 90])];
  const log = ownerLog(stamps, [Int32Array.of(2, 4), Int32Array.of(3, 5)], GATE);
  assert.deepEqual(log, [
    { worker: 0, number: 2, askedNs: 0, acquiredNs: 10, releasedNs: 20 },
    { worker: 1, number: 3, askedNs: 5, acquiredNs: 30, releasedNs: 50 },
    { worker: 0, number: 4, askedNs: 25, acquiredNs: 60, releasedNs: 70 },
    { worker: 1, number: 5, askedNs: 55, acquiredNs: 80, releasedNs: 90 },
  ]);
});

test('a worker that took fewer turns has fewer lines, whatever stamps lie behind', () => {
  const stamps = [stampsOf([0, 10, 20], [777, 888, 999]), stampsOf([0, 5, 8])];
  const log = ownerLog(stamps, [Int32Array.of(3), Int32Array.of(2)], GATE);
  assert.deepEqual(
    log.map(({ worker, number }) => [worker, number]),
    [
      [1, 2],
      [0, 3],
    ],
  );
  assert.deepEqual(ownerLog([stampsOf([0, 1, 2])], [new Int32Array(0)], GATE), []);
});

test('the log follows the time, not the numbers: without a lock, and among readers, these go back', () => {
  const stamps = [stampsOf([0, 10, 20], [21, 90, 99]), stampsOf([0, 40, 50])];
  const log = ownerLog(stamps, [Int32Array.of(7, 2), Int32Array.of(5)], GATE);
  assert.deepEqual(
    log.map(({ number }) => number),
    [7, 5, 2],
  );
});

test('times are sorted as numbers, and the number decides where they are equal', () => {
  const stamps = [stampsOf([0, 1_000, 1_001]), stampsOf([0, 9, 10], [11, 1_000, 1_002])];
  const log = ownerLog(stamps, [Int32Array.of(9), Int32Array.of(2, 3)], GATE);
  assert.deepEqual(
    log.map(({ number }) => number),
    [2, 3, 9],
  );
});

const acquisition = (
  worker: number,
  askedNs: number,
  acquiredNs: number,
  releasedNs: number,
): Acquisition => ({
  worker,
  number: 0,
  askedNs,
  acquiredNs,
  releasedNs,
});

test('acquire latency is from asking to having, over all acquisitions', () => {
  const latency = acquireLatency([
    acquisition(0, 0, 7, 10),
    acquisition(1, 5, 25, 30),
    acquisition(0, 11, 33, 40),
  ]);
  assert.deepEqual(latency, { samples: 3, p50: 20, p90: 22, p99: 22, p999: 22, max: 22 });
  assert.equal(acquireLatency([]), null);
});

test('hand-off latency is from a release to the next one’s having it, where that one waited', () => {
  const log = [
    acquisition(0, 0, 1, 10),
    // Waited since 5, got it 4 after the release.
    acquisition(1, 5, 14, 20),
    // Waited since 12, got it 6 after.
    acquisition(0, 12, 26, 30),
  ];
  assert.deepEqual(handoffLatency(log), { samples: 2, p50: 4, p90: 6, p99: 6, p999: 6, max: 6 });
});

test('who gets the lock again, asks after the release, or was let in before it is no hand-off', () => {
  const first = acquisition(0, 0, 1, 10);
  assert.equal(handoffLatency([first, acquisition(0, 5, 14, 20)]), null, 'the same process');
  assert.equal(handoffLatency([first, acquisition(1, 12, 14, 20)]), null, 'asked when it was free');
  assert.equal(handoffLatency([first, acquisition(1, 10, 14, 20)]), null, 'asked as it was released');
  assert.equal(handoffLatency([first, acquisition(1, 5, 8, 20)]), null, 'let in beside');
});

test('a process that got the lock at the very moment of its release took no time for it', () => {
  assert.equal(handoffLatency([acquisition(0, 0, 1, 10), acquisition(1, 5, 10, 20)])?.max, 0);
});

test('one process alone has no hand-offs', () => {
  const log = Array.from({ length: 5 }, (_, i) => acquisition(0, 10 * i, 10 * i + 1, 10 * i + 2));
  assert.equal(handoffLatency(log), null);
  assert.equal(handoffLatency([]), null);
});

test('percentiles are values that were observed, by nearest rank', () => {
  const random = xorshift32(42);
  const upTo = (n: number): number[] =>
    shuffled(
      Array.from({ length: n }, (_, i) => i + 1),
      random,
    );
  assert.deepEqual(percentiles(upTo(1_000)), {
    samples: 1_000,
    p50: 500,
    p90: 900,
    p99: 990,
    p999: 999,
    max: 1_000,
  });
  assert.deepEqual(percentiles(upTo(10)), { samples: 10, p50: 5, p90: 9, p99: 10, p999: 10, max: 10 });
  assert.deepEqual(percentiles([30, 10, 20]), { samples: 3, p50: 20, p90: 30, p99: 30, p999: 30, max: 30 });
});

test('the percentile of one value is that value, of none there is none', () => {
  assert.deepEqual(percentiles([7]), { samples: 1, p50: 7, p90: 7, p99: 7, p999: 7, max: 7 });
  assert.equal(percentiles([]), null);
});

test('values are ranked as numbers and left in their order', () => {
  const values = Object.freeze([100, 9, 10]);
  assert.equal(percentiles(values)?.p50, 10);
  assert.equal(percentiles(values)?.max, 100);
  assert.deepEqual(values, [100, 9, 10]);
});

test('a rank is exact however many values there are: that many lie at or below it, and not one less', () => {
  for (let n = 1; n <= 3_000; n++) {
    const found = percentiles(Array.from({ length: n }, (_, i) => i + 1));
    for (const [name, perMille] of [
      ['p50', 500],
      ['p90', 900],
      ['p99', 990],
      ['p999', 999],
    ] as const) {
      const rank = found?.[name] ?? 0;
      assert.ok(rank * 1000 >= perMille * n && (rank - 1) * 1000 < perMille * n, `${name} of ${n}: ${rank}`);
    }
  }
});
