/**
 * Fresh file systems in files, whose names are exchanged while they are made, mounted and removed. Each try makes seven.
 */
import { attackImages } from '../support/attacks.js';
import { hasCommand, needs } from '../support/support.js';
import { TRIES, testSlowly } from './tries.js';

testSlowly('fresh file systems', async (t) => {
  const mkfs = ['mkfs.ext4', 'mkfs.xfs', 'mkfs.btrfs'].every((command) => hasCommand(command, '-V'));
  if (needs(t, mkfs, 'mkfs is missing; apt-get install e2fsprogs xfsprogs btrfs-progs'))
    await attackImages(t, TRIES);
});
