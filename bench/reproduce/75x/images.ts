/**
 * Fresh file systems in files, mounted where nobody but this program sees them: its mount namespace is its own, so that
 * the kernel unmounts them and lets the loop devices go when it ends, whatever ends it. The name of the directory with the
 * file tells the next start what a killed one left.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, fchownSync, ftruncateSync } from 'node:fs';
import { join } from 'node:path';
import { asName, mkdirat, O_CLOEXEC, openat } from '../../../strategies/posix/at.js';
import { openBelow } from '../../../strategies/posix/directory.js';
import { check, fail } from '../../../strategies/posix/errno.js';
import { mountFile, unmount } from '../../../strategies/posix/image-mount.js';
import { fileSystemOf } from '../../machine/file-system.js';
import { createFile } from '../../machine/files/open-file.js';
import {
  makePrivateDirectory,
  type PrivateDirectory,
  pathOfDescriptor,
  rememberedAs,
  rememberTested,
} from '../../machine/files/private-directory.js';
import { requireRemoved } from '../../machine/files/remove.js';
import type { Identity } from '../../machine/identity.js';
import { freshName } from '../../machine/owner-name.js';
import type { Made } from '../../measure/worker/made-apart.js';
import type { OwnTestDirectory } from './synchronous.js';

export const IMAGES = ['ext4', 'xfs', 'btrfs'] as const;
export type Image = (typeof IMAGES)[number];

/** The minimum that xfs takes; a file with holes needs little of it. */
const BYTES = 512 * 2 ** 20;
const PACKAGES: Readonly<Record<Image, string>> = {
  ext4: 'e2fsprogs',
  xfs: 'xfsprogs',
  btrfs: 'btrfs-progs',
};

/** The first descriptor after the standard streams. */
const GIVEN = 3;
const ROOT = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW | O_CLOEXEC;

/** Throws an Error that says what the command said. `file`: what it is to make a file system in, by descriptor. */
function makeFileSystem(image: Image, file: number): void {
  // The descriptor becomes the command's own, whose name for it this is: a path could have been given to another file.
  const { error, status, stderr } = spawnSync(`mkfs.${image}`, ['-q', pathOfDescriptor(GIVEN)], {
    stdio: ['ignore', 'ignore', 'pipe', file],
    encoding: 'utf8',
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    throw new Error(`mkfs.${image} is missing; apt-get install ${PACKAGES[image]}`);
  }
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`mkfs.${image}: ${stderr.trim()}`);
}

/** Makes the file, and in it the file system, and mounts it. Returns the descriptor of its root. */
function mountIn({ fd }: PrivateDirectory, image: Image, synchronous: boolean): number {
  const [file, directory] = [asName('image'), asName('mount')];
  const opened = createFile(fd, file, 0o600);
  try {
    ftruncateSync(opened, BYTES);
    makeFileSystem(image, opened);
    if (mkdirat(fd, directory, 0o755) === -1) fail('mkdir', 'mount');
    const below = openBelow(fd, directory);
    try {
      mountFile(opened, below, image, synchronous);
    } finally {
      closeSync(below);
    }
  } finally {
    closeSync(opened);
  }
  return check(openat(fd, directory, ROOT, 0), 'open', 'the root of the file system');
}

/**
 * Makes a file system in a file below `parent` and mounts it, changes of directories being written at once if it is
 * `synchronous`. Only in a mount namespace of our own. Throws an Error that says why it cannot be; then nothing is left.
 */
export function mountImage(
  image: Image,
  parent: string,
  synchronous: boolean,
  identity: Identity | null,
): Made<OwnTestDirectory> {
  // Ours, so that nobody else can rename what is in it; the workers only pass through.
  const made = makePrivateDirectory(parent, freshName('image'), null, 0o711);
  let root: number | undefined;
  const remove = (): void => {
    const opened = root;
    root = undefined;
    if (opened !== undefined) {
      // Its users have ended; lazily, should the kernel not know yet.
      unmount(opened);
      closeSync(opened);
    }
    requireRemoved(made.remove());
  };
  try {
    root = mountIn(made, image, synchronous);
    if (identity !== null) fchownSync(root, identity.uid, identity.gid);
    const directory = join(made.path, 'mount');
    rememberTested(directory, root);
    const testDirectory = { directory, mount: fileSystemOf(directory), hosts: [] };
    return { value: { testDirectory, remembered: rememberedAs(directory) }, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
