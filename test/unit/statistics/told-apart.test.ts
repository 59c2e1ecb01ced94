/**
 * Cells told apart: what differs in every block is, what may be chance is not, and of equal cells hardly any.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SamplesByBlock } from '../../../bench/statistics/paired-ratio.js';
import { studentTail, toldApart } from '../../../bench/statistics/told-apart.js';
import { xorshift32 } from '../../../bench/statistics/xorshift32.js';

const samples = (...ns: readonly number[]): SamplesByBlock => new Map(ns.map((one, block) => [block, one]));

test('the tails of Student’s t are those of the tables', () => {
  // Two-sided 5%: Fisher and Yates, Statistical Tables, III.
  for (const [degrees, t] of [
    [2, 4.303],
    [3, 3.182],
    [4, 2.776],
  ] as const) {
    assert.equal(studentTail(t, degrees).toFixed(3), '0.050');
    assert.equal(studentTail(0, degrees), 1);
    assert.equal(studentTail(Number.POSITIVE_INFINITY, degrees), 0);
  }
});

test('what costs more in each of six blocks is told apart, and what does in five is not', () => {
  const base = samples(100, 200, 300, 400, 500, 600);
  const more = samples(110, 221, 331, 439, 549, 662);
  const mostly = samples(110, 221, 331, 439, 549, 594);
  assert.equal(toldApart([base, more])(0, 1), true);
  assert.equal(toldApart([base, more])(1, 0), true);
  assert.equal(toldApart([base, mostly])(0, 1), false);
  assert.equal(toldApart([base, base])(0, 1), false);
  assert.equal(toldApart([base, more])(1, 1), false, 'from itself');
});

test('three blocks tell what differs many times as much as it scatters, and no less; one or two tell nothing', () => {
  const base = samples(100, 101, 102);
  assert.equal(toldApart([base, samples(900, 905, 921)])(0, 1), true);
  assert.equal(toldApart([base, samples(101, 130, 103)])(0, 1), false);
  // By itself it lies close together; what scatters beside it says that this is chance.
  const close = samples(165, 166, 168);
  assert.equal(toldApart([base, close])(0, 1), true);
  assert.equal(toldApart([base, close, samples(100, 170, 102), samples(165, 100, 104)])(0, 1), false);
  assert.equal(toldApart([samples(1, 1), samples(9, 9)])(0, 1), false);
  assert.equal(toldApart([samples(1), samples(9)])(0, 1), false);
  assert.equal(toldApart([])(0, 1), false);
});

test('cells are compared in the blocks that have both, and not at all without any', () => {
  const early = new Map([1, 2, 3, 4, 5, 6].map((block) => [block, 100 + block]));
  const late = new Map([7, 8, 9, 10, 11, 12].map((block) => [block, 900 + block]));
  assert.equal(toldApart([early, late])(0, 1), false);
  const both = new Map([...early].map(([block, ns]) => [block, ns * (9 + block / 100)]));
  assert.equal(toldApart([early, both, late])(0, 1), true);
});

test('of eight equal cells the fastest is told from another in less than 5% of runs', () => {
  const random = xorshift32(5);
  const RUNS = 300;
  let wrong = 0;
  for (let run = 0; run < RUNS; run++) {
    const cells = Array.from({ length: 8 }, () =>
      samples(...Array.from({ length: 6 }, () => 100 - 10 * Math.log(1 - random()))),
    );
    const sums = cells.map((cell) => [...cell.values()].reduce((a, b) => a + b, 0));
    const first = sums.indexOf(Math.min(...sums));
    const areTold = toldApart(cells);
    if (cells.some((_, i) => areTold(first, i))) wrong++;
  }
  // With a fixed seed: this many, each time. A test of each pair by itself is wrong in 24% of them.
  assert.ok(wrong <= 0.05 * RUNS, `${wrong} of ${RUNS}`);
});
