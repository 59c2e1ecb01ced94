import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meaningOf } from '../../../bench/base/errno-names.js';

test('an errno has its meaning beside it, also one that Node has no name for', () => {
  assert.equal(meaningOf('EACCES'), 'EACCES: permission denied');
  assert.equal(meaningOf('ESTALE'), 'ESTALE: stale file handle');
});

test('what is no errno, or has its meaning already, stays as it is', () => {
  for (const text of ['ESTALE: stale file handle', 'no answer after 30 s', 'EVERYTHING', ''])
    assert.equal(meaningOf(text), text);
});
