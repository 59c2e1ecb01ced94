/**
 * How strategies are named on the command line: those of the catalogue, and modules.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../bench/base/usage-error.js';
import { parseStrategySpec, specName } from '../../../bench/measure/worker/strategy-spec.js';
import { isModuleWord, moduleUrl } from '../../../bench/outside/module-words.js';

test('a policy is told from the path of a module', () => {
  const read = (text: string) => {
    const { strategy, policy } = parseStrategySpec(text);
    return [strategy, policy?.kind ?? null];
  };
  assert.deepEqual(read('excl'), ['excl', null]);
  assert.deepEqual(read('excl/spin'), ['excl', 'spin']);
  assert.deepEqual(read('./a.mjs'), ['./a.mjs', null]);
  assert.deepEqual(read('./a.mjs/yield'), ['./a.mjs', 'yield']);
  assert.deepEqual(read('a.mjs/sleep:1ms'), ['a.mjs', 'sleep']);
  assert.deepEqual(read('/x.js/dir/a.cjs'), ['/x.js/dir/a.cjs', null]);
  assert.deepEqual(read('../spin/a.js/backoff:1us-1ms'), ['../spin/a.js', 'backoff']);
  assert.deepEqual(read('@me/lock/block'), ['@me/lock', 'block']);
  assert.deepEqual(read('file:///a%20b/c.mjs'), ['file:///a%20b/c.mjs', null]);
  assert.throws(() => parseStrategySpec('excl/fast'), /--wait: one of block/);
  for (const text of ['excl', 'excl/sleep:1ms', './a.mjs/spin'])
    assert.equal(specName(parseStrategySpec(text)), text);
});

test('modules are told from names, directories and what Node has built in', () => {
  const modules = ['./a.mjs', 'a.js', '/tmp/a.cjs', 'a.ts', 'a.mts', 'file:///a.mjs'];
  assert.deepEqual(
    modules.filter((word) => !isModuleWord(word)),
    [],
  );
  const others = ['fcntl', 'fs', 'node:fs', '/tmp', './a', 'a.json', 'no-such-package-anywhere', '-x', ''];
  assert.deepEqual(others.filter(isModuleWord), []);
});

test('a module that is not there is missed in the working directory, by name', () => {
  assert.throws(
    () => moduleUrl('./no-such-lock.mjs', '--strategies'),
    (error) => {
      assert.ok(error instanceof UsageError);
      assert.ok(
        error.message.includes(`"./no-such-lock.mjs" does not exist in ${JSON.stringify(process.cwd())}`),
      );
      return true;
    },
  );
});

test('one with a full path is missing anywhere', () => {
  for (const word of ['/nowhere/lock.mjs', 'file:///nowhere/lock.mjs'])
    assert.throws(
      () => moduleUrl(word, '--strategies'),
      (error) =>
        error instanceof UsageError &&
        error.message.includes(`"${word}" does not exist`) &&
        !error.message.includes(process.cwd()),
    );
});
