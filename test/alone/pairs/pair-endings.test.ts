/**
 * A signal between two steps of `pairs`: the directory is there, and no process may be started in it any more.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { sysvKeys } from '../../../bench/machine/leavings.js';
import { killAllChildren } from '../../../bench/measure/parent/child.js';
import { measurePair } from '../../../bench/pairs/pair-price.js';
import { leftBy } from '../../support/processes.js';
import { temporaryDirectory } from '../../support/support.js';

test('a pair that cannot be begun any more leaves neither its directory nor its semaphore', async (t) => {
  const directory = temporaryDirectory(t);
  const before = sysvKeys();
  killAllChildren();
  const job = { strategy: 'sysv-sem', policy: { kind: 'block' }, samples: 10, inside: 'nothing' } as const;
  await assert.rejects(measurePair({ ...job, identity: null }, directory), /being ended/);
  assert.deepEqual(readdirSync(directory), []);
  assert.deepEqual(leftBy(process.pid, ['/dev/shm']), []);
  const left = sysvKeys().filter((key) => !before.includes(key));
  assert.deepEqual(left, []);
});
