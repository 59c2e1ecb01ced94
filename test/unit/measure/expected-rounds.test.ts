/**
 * The progress counts rounds that will run.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedRounds } from '../../../bench/measure/parent/expected-rounds.js';
import { fc } from '../../support/properties.js';

const SECOND = 1e9;
const block = { rounds: 40, limited: true };
const start = { done: 0, elapsedNs: 0, left: 30, roundNs: null, maxTimeNs: 46 * SECOND };
const later = [{ rounds: 40, limited: false }, block, block, block, block, block];

test('without a limit all that were asked for are expected', () => {
  assert.equal(expectedRounds({ ...start, maxTimeNs: null, later }), 270);
  assert.equal(
    expectedRounds({ ...start, later }),
    270,
    'nor is a pace known before the first round is over',
  );
});

test('a block that would end after the limit is not expected, nor are those after it', () => {
  // 0.4 s a round: 30 and the first block last 28 s, a second one would end at 44 s, a third at 60 s.
  assert.equal(expectedRounds({ ...start, done: 10, left: 20, elapsedNs: 4 * SECOND, later }), 110);
});

test('the first block runs whatever the limit', () => {
  assert.equal(expectedRounds({ ...start, done: 10, left: 20, elapsedNs: 400 * SECOND, later }), 70);
});

test('the pace of the last block counts more than that of the proofs before it', () => {
  const now = { ...start, done: 70, left: 40, elapsedNs: 30 * SECOND, later: [block, block] };
  assert.equal(expectedRounds({ ...now, roundNs: 0.1 * SECOND }), 190);
  assert.equal(expectedRounds({ ...now, roundNs: 0.3 * SECOND }), 110);
});

test('never fewer than those that are over and those of this pass, nor more than were asked for', () => {
  const natural = fc.nat(1e4);
  const ns = fc.double({ min: 0, max: 1e15, noNaN: true });
  const pass = fc.record({ rounds: natural, limited: fc.boolean() });
  fc.assert(
    fc.property(
      ...([natural, natural, ns, fc.option(ns), fc.option(ns), fc.array(pass)] as const),
      (done, left, elapsedNs, roundNs, maxTimeNs, passes) => {
        const total = expectedRounds({ done, left, elapsedNs, roundNs, maxTimeNs, later: passes });
        assert.ok(total >= done + left);
        assert.ok(total <= done + left + passes.reduce((sum, { rounds }) => sum + rounds, 0));
      },
    ),
  );
});
