/**
 * The last line of what a command prints: steps are never broken in two.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextLine } from '../../../bench/text/next-line.js';

const STEPS = ['lockbench crash fcntl', 'lockbench choose --crash', 'add --html FILE'];

test('steps stand on one line where there is room', () => {
  assert.equal(
    nextLine(STEPS, 100),
    'Next: lockbench crash fcntl · lockbench choose --crash · add --html FILE',
  );
});

test('a line is broken between two steps, and goes on below the first', () => {
  assert.equal(
    nextLine(STEPS, 60),
    'Next: lockbench crash fcntl · lockbench choose --crash\n      add --html FILE',
  );
  assert.equal(
    nextLine(STEPS, 20),
    'Next: lockbench crash fcntl\n      lockbench choose --crash\n      add --html FILE',
  );
});
