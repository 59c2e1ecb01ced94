/**
 * A directory whose changes are on the disk when the call that made them returns, as those of 1998's file systems were.
 */
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectorySynchronous } from '../../../strategies/posix/inode-flags.js';
import { fileSystemOf } from '../../machine/file-system.js';
import type { Identity } from '../../machine/identity.js';
import { ownPrefix } from '../../machine/owner-name.js';
import { removeTree } from '../../machine/remove-tree.js';
import type { TestDirectory } from '../../measure/parent/plan.js';

let serial = 0;

export interface TemporaryDirectory {
  readonly testDirectory: TestDirectory;
  remove(): void;
}

/**
 * Makes one below `parent` for the workers, under a name by which the next start knows what a killed one left. Throws
 * SystemError if the file system there knows no such directories; then nothing is left.
 */
export function makeSynchronousDirectory(parent: string, identity: Identity | null): TemporaryDirectory {
  const directory = join(parent, `${ownPrefix()}${(serial++).toString(36)}.dirsync`);
  const remove = (): void => removeTree(directory, identity);
  mkdirSync(directory, { mode: 0o755 });
  try {
    makeDirectorySynchronous(directory);
    if (identity !== null) chownSync(directory, identity.uid, identity.gid);
    const mount = fileSystemOf(directory);
    // No mount option tells of it: the flag is the directory's own.
    const flagged = mount === null ? null : { ...mount, options: [...mount.options, 'dirsync'] };
    return { testDirectory: { directory, mount: flagged, hosts: [] }, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
