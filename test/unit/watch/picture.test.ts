/**
 * From two looks at a contention to a picture of it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import type { Reading, SeenTurn } from '../../../bench/watch/block-reader.js';
import { amount, frame, glyph, type Picture } from '../../../bench/watch/frame.js';
import { type Look, lanesOf, ownerChanges } from '../../../bench/watch/lanes.js';
import { assertNoWider } from '../../support/printed.js';

const chalk = new Chalk({ level: 0 });
const NOTHING = { turns: 0, failedTries: 0, violations: 0, stamped: null, numbers: null };

const turn = (askedNs: number, gotNs: number | null, leftNs: number | null): SeenTurn => ({
  ...{ askedNs, gotNs, leftNs },
});
const stamped = (...turns: SeenTurn[]): Reading => ({ ...NOTHING, turns: turns.length - 1, stamped: turns });
const numbered = (turns: number, ...numbers: number[]): Reading => ({ ...NOTHING, turns, numbers });
const look = (atNs: number, ...readings: Reading[]): Look => ({ atNs, readings, owner: 0 });

test('stamped turns tell who is inside, who waits and for how long, and what part of the time each was', () => {
  const before = look(100, stamped(turn(50, null, null)), stamped(turn(60, 70, null)));
  const after = look(200, stamped(turn(50, 120, null)), stamped(turn(60, 70, 120), turn(150, null, null)));
  const [first, second] = lanesOf(['a', 'b'], before, before, after);
  assert.deepEqual([first?.doing, first?.sinceNs], ['inside', 80]);
  assert.deepEqual([first?.waiting, first?.inside], [0.2, 0.8]);
  assert.deepEqual([second?.doing, second?.sinceNs], ['waiting', 50]);
  assert.deepEqual([second?.waiting, second?.inside], [0.5, 0.2]);
  assert.equal(second?.turnsPerSecond, 1e9 / 100);
});

test('without stamps, a part of the turns is told, and of the owner word who is in', () => {
  const [first, second] = lanesOf(
    ['a', 'b'],
    look(0, numbered(0), numbered(0)),
    look(0, numbered(10), numbered(10)),
    { ...look(1e9, numbered(40), numbered(20)), owner: 2 },
  );
  assert.deepEqual([first?.inside, second?.inside], [0.75, 0.25]);
  assert.deepEqual([first?.turnsPerSecond, second?.turnsPerSecond], [40, 20]);
  assert.deepEqual([first?.doing, second?.doing], [null, 'inside']);
});

test('owner changes are counted in the order of the numbers, or of the entries', () => {
  assert.equal(ownerChanges([numbered(2, 1, 3), numbered(2, 2, 4)]), 1);
  assert.equal(ownerChanges([numbered(2, 1, 2), numbered(2, 3, 4)]), 1 / 3);
  assert.equal(ownerChanges([numbered(1, 1), numbered(0)]), null);
  // Of the first, turns before 7 are not known any more: those of the second tell nothing then.
  assert.equal(ownerChanges([numbered(20, 7, 9), numbered(4, 1, 2, 8, 10)]), 1);
  assert.equal(ownerChanges([stamped(turn(1, 2, 3), turn(4, 5, null)), stamped(turn(1, 3, 4))]), 1);
});

test('a column shows how long one was in, or that it waited', () => {
  assert.equal(glyph({ inside: 1, waiting: 0 }), '█');
  assert.equal(glyph({ inside: 0.5, waiting: 0.5 }), '▄');
  assert.equal(glyph({ inside: 0.07, waiting: 0 }), '▁');
  assert.equal(glyph({ inside: 0, waiting: 0.8 }), '·');
  assert.equal(glyph({ inside: 0, waiting: 0.2 }), ' ');
});

test('amounts are short', () => {
  assert.deepEqual([0, 3, 4.25, 310.4, 999.7, 12_400, 1.2e6].map(amount), [
    '0',
    '3',
    '4.3',
    '310',
    '1.00k',
    '12.4k',
    '1.20M',
  ]);
});

const picture: Picture = {
  title:
    'excl/spin, 40 processes in /a/directory/whose/name/is/long/and/longer/still/than/it/should/be/anywhere',
  context: 'trace round, hold 200ms, think 200ms',
  lanes: Array.from({ length: 40 }, (_, i) => ({
    ...{ name: `process ${i + 1}`, doing: 'waiting', sinceNs: 999.6e6, inside: 0, waiting: 1 },
    ...{ turnsPerSecond: 12_400, turns: 10, failedTries: 123_456, violations: i },
  })),
  history: Array.from({ length: 40 }, () => Array(500).fill({ inside: 1, waiting: 0 })),
  changes: 0.5,
  isTimed: true,
  isRunning: true,
};

test('a picture fits the terminal', () => {
  for (const [width, height] of [
    [79, 23],
    [99, 10],
    [159, 50],
  ] as const) {
    const lines = frame(picture, width, height, chalk);
    assert.ok(lines.length <= height, `${lines.length} lines of ${height}`);
    assertNoWider(lines.slice(0, -1).join('\n'), width);
    assert.equal(
      lines.some((line) => /^and \d+ more$/.test(line)),
      height < 44,
    );
    assert.match(lines.at(-1) ?? '', /NOT EXCLUSIVE: 780 times two were inside/);
  }
});
