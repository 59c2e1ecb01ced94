/**
 * Where a lock's means end: two file systems for a name that is a link, the other ranges of a file for a range.
 */

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { unprivilegedIdentity } from '../../../bench/machine/identity.js';
import { makePlace } from '../../../bench/measure/parent/round-directory.js';
import { LOCKED_NAME, openSite } from '../../../bench/measure/worker/lock-site.js';
import { NUMBER_NAME } from '../../../bench/measure/worker/number-file.js';
import { OTHER_LOCKS } from '../../../strategies/fcntl-range.js';
import { loadStrategy } from '../../../strategies/index.js';
import { strategy as link } from '../../../strategies/link.js';
import { SystemError } from '../../../strategies/posix/errno.js';
import { Holder } from '../../support/holder.js';
import { needs, temporaryDirectory } from '../../support/support.js';

const MEMORY = '/dev/shm';

test('link: an agreed name on another file system is an error, and not a lock that is held', (t) => {
  const here = temporaryDirectory(t);
  const hasAnother = existsSync(MEMORY) && statSync(MEMORY).dev !== statSync(here).dev;
  if (!needs(t, hasAnother, `${MEMORY} and ${tmpdir()} are one file system; set TMPDIR to another`)) return;
  const place = makePlace(here, 1, link, null);
  t.after(() => place.destroy());
  const site = openSite(place.job, 0, NUMBER_NAME);
  const elsewhere = temporaryDirectory(t, MEMORY);
  const lock = link.open({
    ...site,
    path: (name) => (name === 'lock' ? join(elsewhere, name) : site.path(name)),
  });
  lock.arrive?.();
  assert.throws(
    () => lock.tryLock?.(),
    (error) => error instanceof SystemError && error.code === 'EXDEV' && error.syscall === 'link',
  );
  lock.close();
  assert.deepEqual(readdirSync(elsewhere), []);
  assert.ok(!readdirSync(place.job.dir).some((name) => name.startsWith('own.')));
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
  const place = makePlace(tmpdir(), 2, strategy, identity);
  t.after(() => place.destroy());
  const file = join(place.job.dir, LOCKED_NAME);
  const spec = { strategy: strategy.name, policy: { kind: 'spin' } as const, place: place.job, identity };
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
