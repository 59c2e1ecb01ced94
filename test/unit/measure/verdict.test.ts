/**
 * The verdict on the sequence, and how the processes shared the lock, on ledgers made by hand.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeContention } from '../../../bench/measure/verdict/contention.js';
import { judgeSequence } from '../../../bench/measure/verdict/sequence.js';

const ledgers = (...numbers: readonly (readonly number[])[]): Int32Array[] =>
  numbers.map((each) => Int32Array.from(each));

test('a sequence is intact when every turn took a number of its own and the file ends at the last', () => {
  assert.deepEqual(judgeSequence(ledgers([2, 3, 6], [4, 5, 7]), 7), {
    sequence: 'intact',
    turns: 6,
    lost: 0,
    final: 7,
    expected: 7,
  });
});

test('no turns leave an intact sequence, the first number standing', () => {
  assert.equal(judgeSequence(ledgers([], []), 1).sequence, 'intact');
  assert.equal(judgeSequence(ledgers([], []), 2).sequence, 'lost-updates');
});

test('a number that two turns took is one lost update', () => {
  const { sequence, lost, turns, expected } = judgeSequence(ledgers([2, 3, 4], [3, 5]), 5);
  assert.deepEqual(
    { sequence, lost, turns, expected },
    { sequence: 'lost-updates', lost: 1, turns: 5, expected: 6 },
  );
});

test('a number that three turns took is two lost updates, within one ledger too', () => {
  assert.equal(judgeSequence(ledgers([2, 2], [2]), 2).lost, 2);
});

test('distinct numbers with a wrong one in the file are no intact sequence', () => {
  for (const final of [3, 5, 1, -1]) {
    const verdict = judgeSequence(ledgers([2], [3, 4]), final);
    assert.deepEqual(verdict, { sequence: 'lost-updates', turns: 3, lost: 0, final, expected: 4 });
  }
});

test('a duplicate is found although the file ends at the right number', () => {
  assert.equal(judgeSequence(ledgers([2, 3], [3]), 4).sequence, 'lost-updates');
});

test('a number above what so many turns can reach is no intact sequence', () => {
  for (const strange of [5, 99, 2 ** 31 - 1]) {
    const { sequence, lost } = judgeSequence(ledgers([2, 3], [strange]), 4);
    assert.equal(sequence, 'lost-updates', `${strange}`);
    assert.equal(lost, 0, `${strange} was taken once`);
  }
  assert.equal(judgeSequence(ledgers([2, 99], [99]), 4).lost, 1);
});

test('a number below the first that can be taken is no intact sequence', () => {
  for (const strange of [1, 0, -1, -(2 ** 31)]) {
    assert.equal(judgeSequence(ledgers([2, 3], [strange]), 4).sequence, 'lost-updates', `${strange}`);
  }
});

test('owner changes and the longest run are counted in the order of the numbers', () => {
  const contention = describeContention(ledgers([2, 3, 6], [4, 5, 7]), [100, 200]);
  assert.equal(contention?.ownerChanges, 3);
  assert.equal(contention?.longestRun, 2);
});

test('the longest run may be the last one', () => {
  const contention = describeContention(ledgers([2], [3, 4, 5]), [100, 200]);
  assert.equal(contention?.ownerChanges, 1);
  assert.equal(contention?.longestRun, 3);
});

test('Jain’s index and the share heed the turns until the first process finished, not those after', () => {
  // Worker 1 finishes first, with number 5: until then 3 turns were worker 0's and 1 was worker 1's.
  const contention = describeContention(ledgers([2, 3, 4, 6, 7, 8], [5]), [900, 100]);
  assert.equal(contention?.jain, 16 / 20);
  assert.equal(contention?.shareBeforeFirstFinisher, 4 / 7);
});

test('processes that take turns are fair, one after another they are not', () => {
  const fair = describeContention(ledgers([2, 4, 6], [3, 5, 7]), [100, 110]);
  assert.deepEqual(fair, { ownerChanges: 5, longestRun: 1, jain: 25 / 26, shareBeforeFirstFinisher: 5 / 6 });
  const unfair = describeContention(ledgers([2, 3, 4], [5, 6, 7]), [100, 200]);
  assert.deepEqual(unfair, { ownerChanges: 1, longestRun: 3, jain: 1 / 2, shareBeforeFirstFinisher: 1 / 2 });
});

test('one process alone has no owner change and one run', () => {
  assert.deepEqual(describeContention(ledgers([2, 3, 4]), [100]), {
    ownerChanges: 0,
    longestRun: 3,
    jain: 1,
    shareBeforeFirstFinisher: 1,
  });
});

test('a process that had no turn at all makes the sharing as unfair as it is', () => {
  const contention = describeContention(ledgers([2, 3, 4, 5], []), [100, 200]);
  assert.equal(contention?.jain, 1 / 2);
  assert.equal(contention?.ownerChanges, 0);
});

test('without any turn there is nothing to describe', () => {
  assert.equal(describeContention(ledgers([], []), [0, 0]), null);
});
