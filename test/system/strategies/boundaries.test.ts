/**
 * Where a lock's means end: two file systems for a name that is a link, the other ranges of a file for a range.
 */

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import { makeRoundDirectory } from '../../../bench/measure/parent/round-directory.js';
import { LOCKED_NAME, openLockSite } from '../../../bench/measure/worker/lock-site.js';
import { NUMBER_NAME } from '../../../bench/measure/worker/number-file.js';
import { OTHER_LOCKS } from '../../../strategies/fcntl-range.js';
import { loadStrategy } from '../../../strategies/index.js';
import { strategy as link } from '../../../strategies/link.js';
import { SystemError } from '../../../strategies/posix/errno.js';
import { Holder } from '../../support/lock-holder.js';
import { needs, temporaryDirectory } from '../../support/support.js';

const MEMORY = '/dev/shm';

test('link: an agreed name on another file system is an error, and not a lock that is held', (t) => {
  const here = temporaryDirectory(t);
  const hasAnother = existsSync(MEMORY) && statSync(MEMORY).dev !== statSync(here).dev;
  if (!needs(t, hasAnother, `${MEMORY} and ${tmpdir()} are one file system; set TMPDIR to another`)) return;
  const roundDirectory = makeRoundDirectory(here, 1, link, null);
  t.after(() => roundDirectory.destroy());
  const site = openLockSite(roundDirectory.job, 0, NUMBER_NAME);
  const elsewhere = temporaryDirectory(t, MEMORY);
  const lock = link.open({
    ...site,
    path: (name) => (name === 'lock' ? join(elsewhere, name) : site.path(name)),
  });
  lock.beginAcquire?.();
  assert.throws(
    () => lock.tryLock?.(),
    (error) => error instanceof SystemError && error.code === 'EXDEV' && error.syscall === 'link',
  );
  lock.close();
  assert.deepEqual(readdirSync(elsewhere), []);
  assert.ok(!readdirSync(roundDirectory.job.dir).some((name) => name.startsWith('own.')));
});

/** How many record locks processes hold on a file, by the kernel's list. */
function recordLocksOn(path: string): number {
  const inode = `:${statSync(path).ino} `;
  const held = readFileSync('/proc/locks', 'latin1').split('\n');
  return held.filter((line) => line.includes(inode) && /^\d+: POSIX /.test(line)).length;
}

test('fcntl-range: processes hold their other ranges side by side; unlocking keeps them, death drops them', async (t) => {
  const identity = unprivilegedIdentity();
  const strategy = await loadStrategy('fcntl-range');
  const roundDirectory = makeRoundDirectory(tmpdir(), 2, strategy, identity);
  t.after(() => roundDirectory.destroy());
  const file = join(roundDirectory.job.dir, LOCKED_NAME);
  const spec = {
    strategy: strategy.name,
    policy: { kind: 'spin' } as const,
    roundDirectory: roundDirectory.job,
    identity,
  };
  const one = await Holder.start(t, { ...spec, workerIndex: 0 });
  const two = await Holder.start(t, { ...spec, workerIndex: 1 });
  await one.acquire();
  assert.equal(recordLocksOn(file), OTHER_LOCKS + 1);
  assert.equal(await two.tries(), false);
  await one.release();
  assert.equal(recordLocksOn(file), OTHER_LOCKS);
  await two.acquire();
  assert.equal(recordLocksOn(file), 2 * OTHER_LOCKS + 1);
  await two.kill();
  assert.equal(recordLocksOn(file), OTHER_LOCKS);
});
