/**
 * The shape of a transcript: the same for other figures, another one for another verdict, row or sentence.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shape } from '../../support/shape.js';

const TABLE = `
┌─────────────────┬───────────┬─────────┬───────────┬─────────┐
│ strategy/wait   │       per │   owner │      held │ lost    │
│                 │ increment │ changes │        in │ updates │
│                 │           │         │ hand-offs │         │
├─────────────────┴───────────┴─────────┴───────────┴─────────┤
│ /dev/shm (tmpfs), 2 processes on 2 CPUs                     │
│ fcntl/block     │   3.59 µs │   7.8 % │      2001 │ 0, 1st  │
│ excl/spin       │   11.2 µs │  85.0 % │      2000 │ 0       │
│ none/block      │   1.49 µs │       - │  VIOLATED │ 20.9 %  │
└─────────────────┴───────────┴─────────┴───────────┴─────────┘
In /dev/shm (tmpfs), 2 processes on 2 CPUs: excl/spin took 3.15 times as long as fcntl/block (2.87 to 3.43); none/block
  lost 20.9 % of its numbers.
Held in hand-offs: so often the lock went from one process to another, pausing at random, and never were two inside.
Warning: other programs used 35.4 % of all processors' time: workers waited for them, and were moved between
  processors.`;

const WRAPPED = `
┌──────────┬─────────┬────────────┐
│ turn of  │    lock │     writes │
├──────────┼─────────┼────────────┤
│ excl/slee│ 79.7 µs │ 0.01, 1.00 │
│ p:1s     │         │         µs │
│ fcntl    │ 15.1 µs │  2.00, 258 │
│          │         │         µs │
└──────────┴─────────┴────────────┘`;

const DRAWING = `
          |0 ms               |50.0               |100
holder    ##############################X
waiter 1        ................................#########
          . waits   # holds the lock   X dies`;

const TIMES = { byTimes: false };
const shapeOf = (text: string): string[] => shape(text.trim().split('\n'), TIMES);
const differs = (text: string, from: string, to: string): boolean => {
  assert.ok(text.includes(from), from);
  return shapeOf(text.replaceAll(from, to)).join('\n') !== shapeOf(text).join('\n');
};

test('other figures, folds, widths, ranks and warnings do not change it', () => {
  for (const [from, to] of [
    ['3.59 µs', ' 112 ns'],
    ['2001', '1733'],
    ['20.9 %', '3.0 % '],
    ['  7.8 %', '< 0.1 %'],
    ['  7.8 %', '      0'],
    ['0, 1st  ', '0, ≈ 1st'],
    ['; none/block\n  lost', '; none/block lost'],
    ['excl/spin took 3.15 times as long as fcntl/block (2.87 to 3.43); ', ''],
    ['Warning: other programs', 'Warning: the hypervisor'],
  ] as const) {
    assert.ok(!differs(TABLE, from, to), `${from} → ${to}`);
  }
  assert.ok(
    !differs(
      WRAPPED,
      '0.01, 1.00 │\n│ p:1s     │         │         µs │',
      '0.01, 1 µs │\n│ p:1s     │         │            │',
    ),
  );
  assert.ok(!differs(DRAWING, '##############################X', '####X'));
});

test('a row may change its rank', () => {
  const lines = TABLE.trim().split('\n');
  const [fcntl = '', excl = ''] = [lines[6], lines[7]];
  assert.deepEqual(shape(lines.with(6, excl).with(7, fcntl), TIMES), shape(lines, TIMES));
});

test('another verdict, name, sentence, heading or state changes it', () => {
  for (const [from, to] of [
    ['VIOLATED', '    2000'],
    ['│ 0       │', '│ 1.2 %   │'],
    ['│ 20.9 %  │', '│ 0       │'],
    ['│ excl/spin ', '│ link/spin '],
    ['│ excl/spin       │   11.2 µs │  85.0 % │      2000 │ 0       │\n', ''],
    ['and never were two inside', 'and once two were inside'],
    ['none/block\n  lost', 'fcntl/block\n  lost'],
    ['strategy/wait', 'lock         '],
    ['per │', 'one │'],
  ] as const) {
    assert.ok(differs(TABLE, from, to), `${from} → ${to}`);
  }
  assert.ok(differs(WRAPPED, 'p:1s', 'p:2s'));
  assert.ok(differs(WRAPPED, 'excl', 'link'));
  assert.ok(differs(DRAWING, 'X\n', '#\n'));
  assert.ok(
    differs(
      DRAWING,
      '................................#########',
      '.........................................',
    ),
  );
  assert.ok(differs(DRAWING, 'X dies', 'X lives'));
});

test('where times decide, the answer may be another one, and nothing else', () => {
  const text = ['Book: 75 ×', 'does not hold: One wait took 368 µs,', '  which is short.', 'It took 59.2 s.'];
  const other = ['Book: 75 ×', 'holds under synchronous directory updates: so it was.', 'It took 8 s.'];
  assert.deepEqual(shape(text, { byTimes: true }), shape(other, { byTimes: true }));
  assert.notDeepEqual(shape(text, { byTimes: false }), shape(other, { byTimes: false }));
  assert.notDeepEqual(shape(text, { byTimes: true }), shape(text.with(0, 'Paper: 75 ×'), { byTimes: true }));
});
