/**
 * What workers are written in, and locks of the user's own, from the command line.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contendersOf } from '../../../bench/command-line/runtimes.js';
import { contenderName } from '../../../bench/measure/worker/strategy-spec.js';

const names = (...asked: Parameters<typeof contendersOf>): string[] =>
  contendersOf(...asked).map(contenderName);

test('each strategy is measured in each runtime, once', () => {
  assert.deepEqual(names(['fcntl', 'excl'], { runtime: 'node,c,node' }), [
    ...['fcntl', 'fcntl [c]', 'excl', 'excl [c]'],
  ]);
  assert.deepEqual(names(['fcntl/spin'], {}), ['fcntl']);
});

test('a lock of the user\u2019s own comes first, beside what it can be compared with', () => {
  const worker = 'python3 my_lock.py';
  assert.deepEqual(names(null, { worker }), ['own [worker]', 'fcntl', 'none', 'broken']);
  assert.deepEqual(names(['flock'], { worker, name: 'mine', runtime: 'c' }), ['mine [worker]', 'flock [c]']);
  assert.deepEqual(contendersOf(null, { worker })[0]?.runtime, { command: worker });
});

for (const [options, expected] of [
  [{ runtime: 'rust' }, /--runtime: one of node, c, python was expected, got "rust"/],
  [{ runtime: 'pyton' }, /got "pyton"/],
  [{ runtime: ',' }, /--runtime: a list was expected, got ","/],
  [{ name: 'mine' }, /--name: it names the lock of --worker, which is not there/],
  [{ worker: ' ' }, /a worker's command was expected, got " "/],
  [{ worker: 'x', name: '../x' }, /--name: a name of letters, digits, .* was expected, got "\.\.\/x"/],
  [{ worker: 'x', name: 'fcntl' }, /--name: a name that no strategy has was expected, got "fcntl"/],
  [{ worker: 'x', name: 'all' }, /got "all"/],
  [{ worker: 'x', rogue: '1' }, /--rogue: only lockbench’s own workers/],
] as const) {
  test(`${JSON.stringify(options)} is refused`, () => {
    assert.throws(() => contendersOf(null, options), expected);
  });
}
