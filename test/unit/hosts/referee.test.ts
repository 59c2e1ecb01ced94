import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Referee } from '../../../bench/hosts/referee.js';

/** Ranks 1 and 2 are on a, rank 3 is on b. */
const hostOf = (rank: number): string => (rank < 3 ? 'a' : 'b');

test('hand-offs are entries of another rank, and those between hosts are counted apart', () => {
  const referee = new Referee(100, hostOf);
  for (const rank of [1, 1, 2, 3, 3, 1]) {
    referee.comesIn(rank);
    referee.goesOut(rank);
  }
  const { handoffs, betweenHosts, violations, first } = referee.findings;
  assert.deepEqual(
    { handoffs, betweenHosts, violations, first },
    { handoffs: 3, betweenHosts: 2, violations: 0, first: null },
  );
});

test('two that are in at once are a violation, with who and beside whom', () => {
  const referee = new Referee(100, hostOf);
  referee.comesIn(1);
  referee.comesIn(3);
  assert.deepEqual(referee.inside, [1, 3]);
  referee.comesIn(2);
  const { violations, first } = referee.findings;
  assert.equal(violations, 2);
  assert.equal(first?.rank, 3);
  assert.equal(first?.beside, 1);
});

test('one that is still in is a violation for all who come, also after another has left', () => {
  const referee = new Referee(100, hostOf);
  referee.comesIn(1);
  referee.comesIn(2);
  referee.goesOut(2);
  referee.comesIn(3);
  assert.equal(referee.findings.violations, 2);
});

test('after enough hand-offs all are told to stop, whether they come or go', () => {
  const referee = new Referee(1, hostOf);
  assert.equal(referee.comesIn(1), false);
  assert.equal(referee.goesOut(1), false);
  assert.equal(referee.comesIn(3), true);
  assert.equal(referee.goesOut(3), true);
});
