/**
 * Fresh file systems in files, mounted where nobody but this program sees them: its mount namespace is its own, so that
 * the kernel unmounts them and lets the loop devices go when it ends, whatever ends it. The files' names tell the next
 * start what a killed one left.
 */
import { spawnSync } from 'node:child_process';
import { chownSync, closeSync, ftruncateSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileSystemOf } from '../../machine/file-system.js';
import type { Identity } from '../../machine/identity.js';
import { ownPrefix } from '../../machine/owner-name.js';
import type { TemporaryDirectory } from './synchronous.js';

export const IMAGES = ['ext4', 'xfs', 'btrfs'] as const;
export type Image = (typeof IMAGES)[number];

/** The least that xfs takes; a file with holes needs little of it. */
const BYTES = 512 * 2 ** 20;
const PACKAGES: Readonly<Record<Image, string>> = {
  ext4: 'e2fsprogs',
  xfs: 'xfsprogs',
  btrfs: 'btrfs-progs',
};

let serial = 0;

/** Throws an Error that says what the command said. */
function must(command: string, ...args: string[]): void {
  const { error, status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr.trim()}`);
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
): TemporaryDirectory {
  const path = join(parent, `${ownPrefix()}${(serial++).toString(36)}`);
  const [file, directory] = [`${path}.image`, `${path}.mount`];
  let mounted = false;
  const remove = (): void => {
    // Its users have ended; lazily, should the kernel not know yet.
    if (mounted) spawnSync('umount', ['--lazy', directory]);
    rmSync(directory, { recursive: true, force: true });
    rmSync(file, { force: true });
  };
  try {
    const fd = openSync(file, 'wx', 0o600);
    ftruncateSync(fd, BYTES);
    closeSync(fd);
    try {
      must(`mkfs.${image}`, '-q', file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new Error(`mkfs.${image} is missing; apt-get install ${PACKAGES[image]}`);
    }
    mkdirSync(directory);
    must('mount', '-t', image, '-o', synchronous ? 'loop,dirsync' : 'loop', file, directory);
    mounted = true;
    if (identity !== null) chownSync(directory, identity.uid, identity.gid);
    return { testDirectory: { directory, mount: fileSystemOf(directory), hosts: [] }, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
