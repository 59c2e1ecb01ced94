/**
 * The verdict on exclusion, from what workers found to what a cell says of it.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summarise } from '../../../bench/measure/parent/summarise.js';
import type { MeasuredCell } from '../../../bench/measure/result/result-schema.js';
import type { RoundRecord } from '../../../bench/measure/result/rounds-schema.js';
import { gatherExclusion, judgeExclusion, LEAST_HANDOFFS } from '../../../bench/measure/verdict/exclusion.js';
import { strategy } from '../../../strategies/excl.js';
import { conditions, proveRound, timingRound, traceRound } from '../../support/made-cells.js';

const nothingIn = (handoffs: number) => ({ violations: 0, handoffs, first: null });
const first = { worker: 1, beside: 0, atNs: 70, turn: 3 };

test('a lock that was handed over 100 times without a violation held, 99 times are too few', () => {
  assert.equal(LEAST_HANDOFFS, 100);
  assert.equal(judgeExclusion([nothingIn(100)]), 'held');
  assert.equal(judgeExclusion([nothingIn(99)]), 'unchecked');
  assert.equal(judgeExclusion([nothingIn(0)]), 'unchecked');
  assert.equal(judgeExclusion([]), 'unchecked');
});

test('hand-offs of several rounds add up', () => {
  assert.equal(judgeExclusion([nothingIn(60), nothingIn(40)]), 'held');
  assert.equal(judgeExclusion([nothingIn(60), nothingIn(39)]), 'unchecked');
});

test('one violation outweighs any number of hand-offs, and needs none', () => {
  assert.equal(judgeExclusion([nothingIn(1e6), { violations: 1, handoffs: 0, first }]), 'violated');
  assert.equal(judgeExclusion([{ violations: 1, handoffs: 1e6, first }, nothingIn(1e6)]), 'violated');
});

test('violations of all workers are summed, and the earliest is told with its worker', () => {
  const found = [
    { violations: 2, first: { atNs: 500, turn: 9, beside: 2 } },
    null,
    { violations: 1, first: { atNs: 70, turn: 3, beside: null } },
    { violations: 4, first: { atNs: 90, turn: 1, beside: 0 } },
  ];
  assert.deepEqual(gatherExclusion(found, 33), {
    violations: 7,
    handoffs: 33,
    first: { worker: 2, atNs: 70, turn: 3, beside: null },
  });
});

test('workers that found nothing or did not look leave no first case', () => {
  assert.deepEqual(gatherExclusion([{ violations: 0, first: null }, null], 5), nothingIn(5));
  assert.deepEqual(gatherExclusion([], 0), nothingIn(0));
});

/** The cell that comes of these rounds and one that was timed. */
function cellOf(...rounds: RoundRecord[]): MeasuredCell {
  const cell = { strategy, policy: { kind: 'spin' }, wait: 'spin', conditions } as const;
  const progress = {
    cell: { ...cell, hosts: [], unavailable: null },
    rounds: [...rounds, timingRound(0, 5)],
    failure: null,
  };
  const [summary] = summarise([progress]);
  assert.ok(summary?.state === 'measured' || summary?.state === 'failed-verdict');
  return summary;
}

test('a cell held in as many hand-offs as it was proven with', () => {
  const { verdict, state } = cellOf(proveRound(nothingIn(150)), traceRound(nothingIn(70)));
  assert.equal(state, 'measured');
  assert.deepEqual([verdict.exclusion, verdict.violations, verdict.handoffs], ['held', 0, 150]);
});

test('a cell that was traced and not proven is unchecked: nothing was provoked there', () => {
  const { verdict } = cellOf(traceRound(nothingIn(5_000)));
  assert.deepEqual([verdict.exclusion, verdict.handoffs], ['unchecked', 0]);
  assert.equal(
    cellOf(proveRound(nothingIn(99)), traceRound(nothingIn(5_000))).verdict.exclusion,
    'unchecked',
  );
});

test('a violation counts wherever it was found, fails the cell and is told', () => {
  for (const round of [proveRound, traceRound]) {
    const cell = cellOf(proveRound(nothingIn(200)), round({ violations: 3, handoffs: 40, first }));
    assert.deepEqual([cell.verdict.exclusion, cell.verdict.violations], ['violated', 3]);
    assert.ok(cell.state === 'failed-verdict');
    assert.match(
      cell.reason,
      /^it let two in at once 3 times in \d+ hand-offs \(first process 1 beside process 0, 70\.0 ns after the start\)$/,
    );
  }
});

test('of several rounds with violations, the case of the first round is told', () => {
  const later = { violations: 1, handoffs: 1, first: { worker: 0, beside: null, atNs: 5, turn: 0 } };
  const cell = cellOf(proveRound({ violations: 1, handoffs: 1, first }), traceRound(later));
  assert.ok(cell.state === 'failed-verdict');
  assert.match(cell.reason, /2 times in 1 hand-off \(first process 1 beside process 0/);
  const beside = cellOf(proveRound(later));
  assert.ok(beside.state === 'failed-verdict');
  assert.match(beside.reason, /1 time in 1 hand-off \(first process 0 beside a reader/);
});

test('changed reads fail a cell and are told beside the rest', () => {
  const changedReads = { ...timingRound(1, 5), changedReads: 4 };
  const cell = cellOf(proveRound({ violations: 1, handoffs: 1, first }), changedReads);
  assert.equal(cell.verdict.changedReads, 4);
  assert.ok(cell.state === 'failed-verdict');
  assert.match(
    cell.reason,
    /^it let two in at once .*; 4 times the number changed while a reader was inside$/,
  );
});
