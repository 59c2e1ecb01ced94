/**
 * The verdicts, on ledgers and cells made by hand.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cell } from '../../bench/report/result.js';
import { describeContention } from '../../bench/verdict/contention.js';
import { exitCode, judge } from '../../bench/verdict/judgement.js';
import { judgeSequence } from '../../bench/verdict/sequence.js';
import { loadAll } from '../../strategies/index.js';

const ledgers = (...numbers: readonly (readonly number[])[]): Int32Array[] =>
  numbers.map((each) => Int32Array.from(each));

const strategies = new Map((await loadAll()).map((strategy) => [strategy.name, strategy]));

const identity = (strategy: string, processes: number) => ({
  strategy,
  wait: 'spin',
  conditions: {
    processes,
    readers: 0,
    rogues: 0,
    pin: null,
    increments: 100,
    directory: { path: '/tmp', filesystem: 'ext4', options: [] },
    number: 'kept-open' as const,
    hold: null,
    think: null,
  },
});

/** A cell with figures: an intact sequence is "measured", another is a failed verdict. */
function measured(strategy: string, processes: number, lost: number): Cell {
  const figures = {
    rounds: [],
    nsPerIncrement: { median: 1, low: 1, high: 1, coverage: 0, kind: 'range' as const },
    outliers: [],
    ratio: null,
    verdict: {
      exclusion: 'unchecked' as const,
      violations: 0,
      handoffs: 0,
      sequence: lost === 0 ? ('intact' as const) : ('lost-updates' as const),
      lost,
      torn: 0,
    },
    contention: null,
    failedTries: 0,
    acquireNs: null,
    handoffNs: null,
    cpu: { userNs: 0, systemNs: 0, voluntarySwitches: 0, involuntarySwitches: 0, migrations: null },
  };
  return lost === 0
    ? { ...identity(strategy, processes), state: 'measured', ...figures }
    : { ...identity(strategy, processes), state: 'failed-verdict', reason: 'it lost', ...figures };
}

const unmeasured = (strategy: string, state: 'unavailable' | 'timed-out' | 'errored'): Cell => ({
  ...identity(strategy, 2),
  state,
  reason: 'for a test',
});

const judgeUnprivileged = (...cells: Cell[]) => judge(cells, strategies, false);
const judgeRoot = (...cells: Cell[]) => judge(cells, strategies, true);

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

test('a run in which all held and the control was caught is well', () => {
  const judgement = judgeUnprivileged(
    measured('fcntl', 2, 0),
    measured('excl', 2, 0),
    measured('none', 2, 7),
  );
  assert.deepEqual(judgement, { brokenClaims: [], uncaughtControls: [], incomplete: [] });
  assert.equal(exitCode(judgement), 0);
});

test('a lock that claims to exclude and lost an update broke its claim', () => {
  const judgement = judgeUnprivileged(measured('fcntl', 2, 1), measured('none', 2, 7));
  assert.equal(judgement.brokenClaims.length, 1);
  assert.match(judgement.brokenClaims[0] ?? '', /fcntl\/spin in \/tmp with 2 processes/);
  assert.equal(exitCode(judgement), 1);
});

test('a control that lost updates claims nothing and breaks nothing', () => {
  const judgement = judgeUnprivileged(measured('none', 2, 7), measured('broken', 2, 3));
  assert.equal(exitCode(judgement), 0);
});

test('the control of the sequence that lost nothing although it had company is uncaught', () => {
  const judgement = judgeUnprivileged(measured('fcntl', 2, 0), measured('none', 2, 0));
  assert.deepEqual(judgement.uncaughtControls, ['none/spin in /tmp with 2 processes']);
  assert.equal(exitCode(judgement), 3);
});

test('the control is caught once for all its waiting policies, but for the same conditions only', () => {
  const lucky = { ...measured('none', 2, 0), wait: 'block' };
  assert.equal(exitCode(judgeUnprivileged(lucky, measured('none', 2, 7))), 0);
  const elsewhere = judgeUnprivileged(lucky, measured('none', 4, 7));
  assert.deepEqual(elsewhere.uncaughtControls, ['none/block in /tmp with 2 processes']);
});

test('the control alone cannot lose, and is not uncaught', () => {
  assert.equal(exitCode(judgeUnprivileged(measured('none', 1, 0))), 0);
});

test('the flawed flag that was lucky leaves the sequence’s control in charge', () => {
  assert.equal(exitCode(judgeUnprivileged(measured('broken', 2, 0), measured('none', 2, 7))), 0);
});

test('as root, create with mode 0 claims nothing; for others it does', () => {
  const cell = measured('trunc', 2, 5);
  assert.equal(exitCode(judgeRoot(cell)), 0);
  assert.deepEqual(judgeRoot(cell).brokenClaims, []);
  assert.equal(exitCode(judgeUnprivileged(cell)), 1);
});

test('as root, the claims of the other locks still count', () => {
  for (const strategy of ['fcntl', 'flock', 'excl', 'link']) {
    assert.equal(exitCode(judgeRoot(measured(strategy, 2, 1))), 1, strategy);
  }
});

test('a cell that timed out or errored leaves the run incomplete, one that is unavailable does not', () => {
  for (const state of ['timed-out', 'errored'] as const) {
    const judgement = judgeUnprivileged(unmeasured('fcntl', state));
    assert.equal(judgement.incomplete.length, 1, state);
    assert.equal(exitCode(judgement), 3, state);
  }
  assert.equal(exitCode(judgeUnprivileged(unmeasured('fcntl', 'unavailable'))), 0);
});

test('a broken claim outweighs what did not finish and what went uncaught', () => {
  const cells = [measured('fcntl', 2, 1), measured('none', 2, 0), unmeasured('flock', 'errored')];
  assert.equal(exitCode(judgeUnprivileged(...cells)), 1);
});
