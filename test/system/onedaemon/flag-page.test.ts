/**
 * The page of `--by shm-flag` goes with the daemon, and whenever it goes, no two hold the flag.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { freshName } from '../../../bench/machine/owner-name.js';
import { projectRoot } from '../../../bench/machine/project.js';
import { takeLock } from '../../../bench/onedaemon/take-lock.js';
import { wayOf } from '../../../bench/onedaemon/ways.js';
import { pagePath } from '../../../strategies/shared/memory-page.js';
import { strategy as shmFlag } from '../../../strategies/shm-flag.js';
import type { LockSite, SyncStrategy } from '../../../strategies/strategy.js';
import { Bench } from '../../support/daemons.js';
import { until } from '../../support/limit.js';
import { hasCommand, needs } from '../../support/support.js';

const way = wayOf('shm-flag');

function newSite(t: TestContext): LockSite {
  const site = {
    dir: '/',
    token: freshName(),
    workers: 1,
    workerIndex: 0,
    fd: 0,
    path: (name: string) => `/${name}`,
  };
  t.after(() => rmSync(pagePath(site), { force: true }));
  return site;
}

/** The flag, and what others do at its first opening: before it, and just after it. */
function disturbed(before: () => void, after: () => void): SyncStrategy {
  let isFirst = true;
  return {
    ...shmFlag,
    open(site) {
      const [first, second] = isFirst ? [before, after] : [() => {}, () => {}];
      isFirst = false;
      first();
      const lock = shmFlag.open(site);
      second();
      return lock;
    },
  };
}

test('after an end in order, by itself or by a signal, no page is left', async (t) => {
  const bench = new Bench(t, 'shm-flag');
  assert.equal((await bench.run(['true'])).code, 0);
  assert.equal(existsSync(bench.page), false);
  const { daemon } = await bench.running();
  await until('its page is there', () => existsSync(bench.page));
  assert.equal((await bench.run(['true'])).code, 75);
  assert.equal(existsSync(bench.page), true, 'a start that is refused removes nothing');
  daemon.kill('SIGTERM');
  await daemon.ended;
  assert.equal(existsSync(bench.page), false);
});

/** What the command's page tells to do, and what it does that to. */
function removalOnPage(): { readonly script: string; readonly pages: string } {
  const text = readFileSync(join(projectRoot, 'docs/commands/onedaemon.md'), 'utf8');
  const [, script = '', pages = ''] = /```sh\n(for page in (\S+); do\n[^`]*)```/.exec(text) ?? [];
  return { script, pages };
}

test('what the page says removes the pages of killed daemons, and of no other', async (t) => {
  if (!needs(t, hasCommand('fuser', '-V'), 'fuser is missing; apt-get install psmisc')) return;
  const { script, pages } = removalOnPage();
  const benches = [new Bench(t, 'shm-flag'), new Bench(t, 'shm-flag')] as const;
  const [killed, alive] = [await benches[0].running(), await benches[1].running()];
  const [left, used] = benches.map(({ page }) => page) as [string, string];
  for (const page of [left, used])
    assert.match(page, new RegExp(`^${pages.replaceAll('.', '\\.').replace('*', '.*')}$`));
  killed.daemon.kill('SIGKILL');
  await killed.daemon.ended;
  // Those of other tests are theirs.
  spawnSync('sh', ['-c', script.replace(pages, `${left} ${used}`)]);
  assert.deepEqual([existsSync(left), existsSync(used)], [false, true]);
  alive.daemon.kill('SIGTERM');
  await alive.daemon.ended;
});

test('a flag whose page was removed while it was opened is not held beside that of a new page', (t) => {
  const site = newSite(t);
  const first = takeLock(shmFlag, site, way);
  let second: ReturnType<typeof takeLock> = null;
  const late = disturbed(
    () => {},
    () => {
      first?.unlock();
      second = takeLock(shmFlag, site, way);
    },
  );
  assert.equal(takeLock(late, site, way), null);
  assert.notEqual(second, null);
});

test('a page that is removed before it is opened is made again', (t) => {
  const site = newSite(t);
  const first = takeLock(shmFlag, site, way);
  const late = disturbed(
    () => first?.unlock(),
    () => {},
  );
  assert.notEqual(takeLock(late, site, way), null);
  assert.equal(takeLock(shmFlag, site, way), null);
});

test('a page that is removed after it was opened, and made by nobody, is made again', (t) => {
  const site = newSite(t);
  const first = takeLock(shmFlag, site, way);
  const late = disturbed(
    () => {},
    () => first?.unlock(),
  );
  assert.notEqual(takeLock(late, site, way), null);
  assert.equal(takeLock(shmFlag, site, way), null);
});

test('what stands in the place of the page is not removed with it', (t) => {
  const site = newSite(t);
  const lock = takeLock(shmFlag, site, way);
  rmSync(pagePath(site));
  writeFileSync(pagePath(site), 'of another');
  lock?.unlock();
  assert.equal(existsSync(pagePath(site)), true);
});
