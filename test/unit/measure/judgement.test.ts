/**
 * What a run as a whole proves, on cells made by hand.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cell } from '../../../bench/measure/result/result-schema.js';
import { exitCode, judge } from '../../../bench/measure/verdict/judgement.js';
import { loadAll } from '../../../strategies/index.js';
import { losing, measuredCell, proveRound, traceRound, unmeasuredCell } from '../../support/made-cells.js';

const strategies = new Map((await loadAll()).map((strategy) => [strategy.name, strategy]));

const judgeUnprivileged = (...cells: Cell[]) => judge(cells, strategies, false);
const judgeRoot = (...cells: Cell[]) => judge(cells, strategies, true);

test('a run in which all held and the control was caught is well', () => {
  const judgement = judgeUnprivileged(measuredCell('fcntl'), measuredCell('excl'), losing('none', 7));
  assert.deepEqual(judgement, { brokenClaims: [], uncaughtControls: [], incomplete: [] });
  assert.equal(exitCode(judgement), 0);
});

test('a lock that claims to exclude and lost an update broke its claim', () => {
  const judgement = judgeUnprivileged(losing('fcntl', 1), losing('none', 7));
  assert.equal(judgement.brokenClaims.length, 1);
  assert.match(judgement.brokenClaims[0] ?? '', /fcntl\/spin in \/tmp with 2 processes/);
  assert.equal(exitCode(judgement), 1);
});

const violated = { exclusion: 'violated', violations: 1 } as const;

test('a lock that let two in broke its claim although no update was lost', () => {
  const judgement = judgeUnprivileged(measuredCell('fcntl', { verdict: violated }));
  assert.deepEqual(judgement.brokenClaims, ['fcntl/spin in /tmp with 2 processes']);
  assert.equal(exitCode(judgement), 1);
});

test('a lock under which a reader saw the number change broke its claim, whatever else was found', () => {
  const changedReads = measuredCell('flock', {
    conditions: { readers: 1 },
    verdict: { changedReads: 1, exclusion: 'held' },
  });
  assert.equal(changedReads.state, 'failed-verdict');
  assert.equal(exitCode(judgeUnprivileged(changedReads)), 1);
});

test('with rogues nothing that is found contradicts a claim', () => {
  for (const verdict of [violated, { sequence: 'lost-updates', lost: 9 }, { changedReads: 3 }] as const) {
    const cell = measuredCell('fcntl', { conditions: { rogues: 1 }, verdict });
    assert.deepEqual(judgeUnprivileged(cell).brokenClaims, [], JSON.stringify(verdict));
    assert.equal(exitCode(judgeUnprivileged(cell)), 0, JSON.stringify(verdict));
  }
});

test('a lock that was not handed over often enough to say anything broke no claim', () => {
  assert.equal(
    exitCode(judgeUnprivileged(measuredCell('fcntl', { verdict: { exclusion: 'unchecked' } }))),
    0,
  );
});

test('a control that lost updates claims nothing and breaks nothing', () => {
  const judgement = judgeUnprivileged(losing('none', 7), losing('broken', 3));
  assert.equal(exitCode(judgement), 0);
});

test('the control of the sequence that lost nothing although it had company is uncaught', () => {
  const judgement = judgeUnprivileged(measuredCell('fcntl'), losing('none', 0));
  assert.deepEqual(judgement.uncaughtControls, ['none/spin in /tmp with 2 processes']);
  assert.equal(exitCode(judgement), 3);
});

test('the control is caught once for all its waiting policies, but for the same conditions only', () => {
  const lucky = losing('none', 0, { wait: 'block' });
  assert.equal(exitCode(judgeUnprivileged(lucky, losing('none', 7))), 0);
  const elsewhere = judgeUnprivileged(lucky, losing('none', 7, { conditions: { processes: 4 } }));
  assert.deepEqual(elsewhere.uncaughtControls, ['none/block in /tmp with 2 processes']);
});

test('a control that had nobody to collide with is not uncaught', () => {
  const alone = losing('none', 0, { conditions: { processes: 1 } });
  const amongReaders = losing('none', 0, { conditions: { processes: 4, readers: 3 } });
  assert.equal(exitCode(judgeUnprivileged(alone, amongReaders)), 0);
});

const proven = proveRound({ violations: 0, handoffs: 2_000, first: null });

test('the control of exclusion that was proven and let nobody in beside another is uncaught', () => {
  const lucky = measuredCell('broken', { rounds: [proven], verdict: { exclusion: 'held', handoffs: 2_000 } });
  const judgement = judgeUnprivileged(lucky, losing('none', 7));
  assert.deepEqual(judgement.uncaughtControls, ['broken/spin in /tmp with 2 processes']);
  assert.equal(exitCode(judgement), 3);
});

test('the control of exclusion must be caught letting two in; that it lost updates is not enough', () => {
  const losingOnly = losing('broken', 5, { rounds: [proven] });
  assert.equal(judgeUnprivileged(losingOnly).uncaughtControls.length, 1);
  const caught = measuredCell('broken', { rounds: [proven], verdict: violated });
  assert.equal(exitCode(judgeUnprivileged(caught)), 0);
});

test('the control of exclusion is caught for all its policies, but for the same conditions only', () => {
  const lucky = measuredCell('broken', { wait: 'yield', rounds: [proven] });
  const caught = measuredCell('broken', { rounds: [proven], verdict: violated });
  assert.equal(exitCode(judgeUnprivileged(lucky, caught)), 0);
  const pinned = measuredCell('broken', {
    conditions: { pin: 'compact' },
    rounds: [proven],
    verdict: violated,
  });
  assert.deepEqual(judgeUnprivileged(lucky, pinned).uncaughtControls, [
    'broken/yield in /tmp with 2 processes',
  ]);
});

test('the control of exclusion is not judged where nothing was proven', () => {
  const traced = traceRound({ violations: 0, handoffs: 2_000, first: null });
  const judgement = judgeUnprivileged(measuredCell('broken', { rounds: [traced] }), losing('none', 7));
  assert.deepEqual(judgement.uncaughtControls, []);
  assert.equal(exitCode(judgement), 0);
});

test('as root, create with mode 0 claims nothing; for others it does', () => {
  for (const cell of [losing('trunc', 5), measuredCell('trunc', { verdict: violated })]) {
    assert.equal(exitCode(judgeRoot(cell)), 0);
    assert.deepEqual(judgeRoot(cell).brokenClaims, []);
    assert.equal(exitCode(judgeUnprivileged(cell)), 1);
  }
});

test('as root, the claims of the other locks still count', () => {
  for (const strategy of ['fcntl', 'flock', 'excl', 'link']) {
    assert.equal(exitCode(judgeRoot(losing(strategy, 1))), 1, strategy);
  }
});

test('a cell that timed out or errored leaves the run incomplete, one that is unavailable does not', () => {
  for (const state of ['timed-out', 'errored'] as const) {
    const judgement = judgeUnprivileged(unmeasuredCell('fcntl', state));
    assert.equal(judgement.incomplete.length, 1, state);
    assert.equal(exitCode(judgement), 3, state);
  }
  assert.equal(exitCode(judgeUnprivileged(unmeasuredCell('fcntl', 'unavailable'))), 0);
});

test('a broken claim outweighs what did not finish and what went uncaught', () => {
  const cells = [losing('fcntl', 1), losing('none', 0), unmeasuredCell('flock', 'errored')];
  assert.equal(exitCode(judgeUnprivileged(...cells)), 1);
});
