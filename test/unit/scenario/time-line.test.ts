/**
 * The picture of a time line: every sign where its time is, nothing wider than it says.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Step, What } from '../../../bench/scenario/steps-schema.js';
import { HOLDS, rowsOf, timeLine, WRITES } from '../../../bench/scenario/time-line.js';

const MS = 1e6;
const step = (ms: number, participant: string, what: What, more: Partial<Step> = {}): Step => ({
  participant,
  what,
  atNs: ms * MS,
  ...more,
});

test('who waits, is inside, is stopped and dies is drawn where it happens', () => {
  const steps = [
    step(0, 'a', 'got-in'),
    step(10, 'b', 'asked'),
    step(20, 'a', 'stopped'),
    step(40, 'a', 'continued'),
    step(50, 'a', 'killed'),
    step(50, 'b', 'got-in'),
    step(75, 'b', 'leaves'),
    step(75, 'parent', 'ended'),
  ];
  // 75 columns and 1 ms each, since the name and its gap take 3 of 78.
  const [scale, a, b, legend] = timeLine(rowsOf(steps, HOLDS));
  assert.equal(a, `a  ${'#'.repeat(20)}${'='.repeat(20)}${'#'.repeat(10)}X`);
  assert.equal(b, `b  ${' '.repeat(10)}${'.'.repeat(40)}${'#'.repeat(25)}`);
  assert.equal(scale, '   |0 ms     |10.0     |20.0     |30.0     |40.0     |50.0     |60.0     |70.0');
  assert.equal(legend, '   . waits   # holds the lock   = stopped, holding it   X dies');
});

test('readers are drawn otherwise than writers', () => {
  const steps = [
    step(0, 'r', 'got-in', { shared: true }),
    step(0, 'w', 'got-in'),
    step(9, 'parent', 'ended'),
  ];
  const [, r, w] = timeLine(rowsOf(steps, WRITES));
  assert.match(r ?? '', /^r {2}r{75}$/);
  assert.match(w ?? '', /^w {2}W{75}$/);
});

test('what goes on at the end is drawn until the end, and what is short is drawn at all', () => {
  const steps = [
    step(0, 'a', 'asked'),
    step(500, 'b', 'got-in'),
    step(500.001, 'b', 'leaves'),
    step(1000, 'parent', 'ended'),
  ];
  const [, a, b] = timeLine(rowsOf(steps, HOLDS));
  assert.match(a ?? '', /^a {2}\.{75}$/);
  assert.match(b ?? '', /^b {2} {37}#$/);
});

test('whatever the times, 78 columns of ASCII and a scale that can be read', () => {
  for (const range of [0, 0.001, 0.37, 1, 7, 99, 1000, 123_456]) {
    const steps = [step(5, 'waiter 1', 'asked'), step(5 + range, 'waiter 1', 'got-in')];
    const lines = timeLine(rowsOf([...steps, step(5 + range, 'parent', 'ended')], HOLDS));
    for (const line of lines) assert.match(line, /^[\x20-\x7e]{1,78}$/, `${range} ms:\n${lines.join('\n')}`);
    assert.match(lines[0] ?? '', /\|0 ms/);
  }
  assert.deepEqual(timeLine([]), []);
});
