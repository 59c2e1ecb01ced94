/**
 * A look at the paths of a command line, before anything else looks at them.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { isSilent } from '../../../bench/machine/answering.js';
import { endKeepers, lookAt } from '../../../bench/measure/parent/kept-directories.js';
import { childrenOf } from '../../support/processes.js';
import { temporaryDirectory } from '../../support/support.js';

test('one process looks at all paths, whether they exist or not', async (t) => {
  const directory = temporaryDirectory(t);
  // Words of a command line that is given in a directory on NFS.
  const paths = ['fcntl', '2', join(directory, 'nothing'), directory];
  t.after(endKeepers);
  await lookAt(paths);
  assert.equal(childrenOf(process.pid).length, 1);
  assert.ok(!paths.some(isSilent));
});
