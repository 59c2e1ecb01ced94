/**
 * The last line of what a command prints: steps are never broken in two.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextLine, pageStep } from '../../../bench/text/next-line.js';

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

test('a page is offered unless it was asked for', () => {
  assert.deepEqual(pageStep(['pairs', 'fcntl']), ['add --html FILE']);
  for (const words of [['pairs', '--html', 'x.html'], ['--html=x.html']])
    assert.deepEqual(pageStep(words), []);
});
