/**
 * Which locks see each other over NFS: there flock(2) and record locks do, which on a local file system do not.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { CompatPlace } from '../../../bench/compat/compat-schema.js';
import { mayBeForgotten } from '../../../bench/nfs/frame/forgotten-lock.js';
import { makeWorkersInC, needsLabAndCompiler, story } from '../../support/shared-lab.js';

const program = fileURLToPath(new URL('../../fixtures/lab-compat.js', import.meta.url));
const LOCKS = ['fcntl', 'flock', 'excl'];
makeWorkersInC(LOCKS);
const meeting = story('server', `${process.execPath} ${program} ${LOCKS.join()} c`);

/** Two inside once in a while, where a server may have forgotten a lock, is taken for what it would have been without. */
function verdict({ cells, nfs }: CompatPlace, holder: string, other: string): string | undefined {
  const cell = cells.find((one) => one.holder === `${holder} [c]` && one.other === `${other} [c]`);
  const seen = cell?.contention;
  const version = nfs?.version ?? 'v3';
  const isForgotten = cell?.verdict === 'lets-two-in' && seen != null && mayBeForgotten({ version, ...seen });
  return isForgotten ? 'excludes' : cell?.verdict;
}

test('over NFS flock and record locks exclude each other, between clients and within one; names are apart', async (t) => {
  if (!needsLabAndCompiler(t)) return;
  const { code, stdout, stderr } = await meeting();
  assert.equal(code, 0, stderr);
  const places = JSON.parse(stdout) as CompatPlace[];
  assert.deepEqual(
    places.map(({ nfs }) => `${nfs?.version}, ${nfs?.layout}`),
    ['v3, two clients', 'v3, one client', 'v4.2, two clients', 'v4.2, one client'],
  );
  for (const place of places) {
    const told = `${place.where}: ${JSON.stringify(place.cells)}`;
    assert.deepEqual(place.unavailable, [], told);
    assert.equal(place.controlCaught, true, told);
    for (const [holder, other, expected] of [
      ...([
        ['fcntl', 'fcntl', 'excludes'],
        ['flock', 'flock', 'excludes'],
        ['excl', 'excl', 'excludes'],
      ] as const),
      ...([
        ['fcntl', 'flock', 'excludes'],
        ['flock', 'fcntl', 'excludes'],
      ] as const),
      ...([
        ['fcntl', 'excl', 'does-not-see-it'],
        ['excl', 'flock', 'does-not-see-it'],
      ] as const),
    ])
      assert.equal(verdict(place, holder, other), expected, told);
  }
});
