import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from '../../../bench/text/status-line.js';

const SECOND_MS = 1000;

test('where lines stay, each tenth has one, and no other that follows soon', () => {
  const pace = new Pace();
  const said = Array.from({ length: 20 }, (_, done) => pace.isDue(done, 20, done)).flatMap((due, done) =>
    due ? [done] : [],
  );
  assert.deepEqual(said, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
});

test('within a tenth a line is due ten seconds after the last one, whichever that was', () => {
  const pace = new Pace();
  const at = (seconds: number, done: number) => pace.isDue(done, 100, seconds * SECOND_MS);
  assert.deepEqual(
    [at(50, 0), at(59, 1), at(60, 2), at(61, 3), at(69, 10), at(78, 11), at(79, 12)],
    [true, false, true, false, true, false, true],
  );
});
