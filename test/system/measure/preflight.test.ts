/**
 * What is asked before anything is measured, and whose fault it is where it fails.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireUsable } from '../../../bench/measure/parent/preflight.js';
import { temporaryDirectory } from '../../support/support.js';

test('a directory is not blamed for a process that ended before it could look at it', async (t) => {
  const { execPath } = process;
  process.execPath = '/bin/false';
  try {
    await assert.rejects(requireUsable([temporaryDirectory(t)], null), {
      name: 'ProgramEnded',
      message: /^directory-keeper \d+ ended with exit code 1$/,
    });
  } finally {
    process.execPath = execPath;
  }
});
