/**
 * Fresh file systems: each is what it shall be, nobody else sees it, and the kernel lets it go when the program ends.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { removeLeftovers } from '../../../bench/machine/files/leftovers.js';
import { MARK_NAME } from '../../../bench/machine/owner-name.js';
import { IMAGES } from '../../../bench/reproduce/75x/images.js';
import { until } from '../../support/limit.js';
import { hasCommand, isRoot, needs, temporaryDirectory } from '../../support/support.js';

const fixture = fileURLToPath(new URL('../../fixtures/mount-images.js', import.meta.url));

const loops = (): string => spawnSync('losetup', ['--list', '--noheadings'], { encoding: 'utf8' }).stdout;

test('each fresh file system is mounted for the program alone, and gone after it', async (t) => {
  if (!needs(t, isRoot, 'only root may mount')) return;
  const missing = IMAGES.filter((image) => !hasCommand(`mkfs.${image}`, '-V'));
  if (
    !needs(
      t,
      missing.length === 0,
      `mkfs is missing for ${missing.join(', ')}; apt-get install e2fsprogs xfsprogs btrfs-progs`,
    )
  )
    return;
  const directory = temporaryDirectory(t);
  const before = loops();
  const command = ['--mount', process.execPath, fixture, directory];
  const { status, stdout, stderr } = spawnSync('unshare', command, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const said = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  const expected = IMAGES.flatMap((image) =>
    [false, true].map((synchronous) => ({
      ...{ image, filesystem: image, synchronous, dirsync: synchronous, left: [] },
      // Only of the journal of ext4 the kernel tells how often it wrote.
      committed: image === 'ext4' && synchronous,
    })),
  );
  assert.deepEqual(said, expected);
  assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(directory), 'nothing is mounted here');
  // The kernel lets go of a device when the last one closes it; who looks at all new devices may be that one.
  await until('the loop devices are gone', () => loops() === before);
  // That of the one that was not removed, with its file and its empty directory.
  const [left = '', ...others] = readdirSync(directory);
  assert.deepEqual(others, []);
  assert.deepEqual(readdirSync(join(directory, left)).sort(), [MARK_NAME, 'image', 'mount']);
  assert.deepEqual(removeLeftovers([directory], null), { removed: [join(directory, left)], problems: [] });
});
