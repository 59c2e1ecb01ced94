/**
 * A child has the modules that its parent has, and nothing else of the parent's flags.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flagsForChildren } from '../../../bench/measure/parent/child.js';

test('the flag that brings node:sqlite reaches children, wherever it was given', () => {
  const flag = '--experimental-sqlite';
  assert.deepEqual(flagsForChildren(['--inspect', flag]), [flag]);
  assert.deepEqual(flagsForChildren([], `--max-old-space-size=100  ${flag}`), [flag]);
  assert.deepEqual(flagsForChildren(['--experimental_sqlite'], flag), [flag]);
  assert.deepEqual(flagsForChildren(['--inspect'], '--cpu-prof'), []);
});
