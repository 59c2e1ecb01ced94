/**
 * fcntl over NFS, asked for on a directory that is not on NFS.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiment } from '../../../bench/reproduce/80x/80x.js';
import { smallSetting, verdictOf } from '../../support/setting.js';
import { temporaryDirectory } from '../../support/support.js';

test('on a directory that is no NFS it cannot be done, and if it is, the claim falls', async (t) => {
  const setting = smallSetting({ nfs: temporaryDirectory(t) });
  assert.match((await experiment.missing?.(setting)) ?? '', /an NFS mount was expected, .* is on \w+/);
  assert.equal((await verdictOf(experiment, {}, setting)).answer, 'does not hold');
});
