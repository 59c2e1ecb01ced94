/**
 * What becomes of a round in which a lock says that its lease ran out, which a busy machine brings about by itself.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RoundFigures, RoundOutcome } from '../../../bench/measure/parent/round.js';
import { figuresOf } from '../../../bench/prove/round-checks.js';

const FIGURES = {} as RoundFigures;
const measured: RoundOutcome = { state: 'measured', figures: FIGURES };
const ranOut: RoundOutcome = { state: 'errored', reason: 'its lease ran out' };
const hung: RoundOutcome = { state: 'timed-out', reason: 'it never came back' };

/** Rounds that come to these outcomes; it is late when there are no more. */
function rounds(outcomes: readonly RoundOutcome[]) {
  const left = [...outcomes];
  const play = async () => left.shift() ?? assert.fail('no further round was expected');
  return { play, isLate: () => left.length === 0 };
}

test('a lock with a lease is given another round if it ran out, and none if there are figures', async () => {
  const { play, isLate } = rounds([ranOut, ranOut, measured, measured]);
  assert.equal(await figuresOf(play, true, isLate), FIGURES);
  assert.equal(isLate(), false);
});

test('one whose lease runs out in every round fails, by its own words', async () => {
  const { play, isLate } = rounds([ranOut, ranOut]);
  await assert.rejects(figuresOf(play, true, isLate), /^Error: its lease ran out$/);
});

test('without a lease, or where a round hung, the first failure is the answer', async () => {
  for (const [outcome, hasLease] of [
    [ranOut, false],
    [hung, true],
  ] as const) {
    const { play, isLate } = rounds([outcome, measured]);
    await assert.rejects(figuresOf(play, hasLease, isLate), { message: outcome.reason });
  }
});
