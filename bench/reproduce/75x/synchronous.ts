/**
 * A directory whose changes are on the disk when the call that made them returns, as those of 1998's file systems were.
 */
import { makeDirectorySynchronous } from '../../../strategies/posix/inode-flags.js';
import { fileSystemOf } from '../../machine/file-system.js';
import { makePrivateDirectory, rememberedAs, rememberTested } from '../../machine/files/private-directory.js';
import { requireRemoved } from '../../machine/files/remove.js';
import { as, type Identity } from '../../machine/identity.js';
import { freshName } from '../../machine/owner-name.js';
import type { TestDirectory } from '../../measure/parent/plan.js';
import type { Made } from '../../measure/worker/made-apart.js';

/** A directory of ours that is tested itself. */
export interface OwnTestDirectory {
  readonly testDirectory: TestDirectory;
  /** What it must be, see `rememberedAs`: it may be made by another process than the one that measures there. */
  readonly remembered: string | null;
}

/**
 * Makes one below `parent` for the workers, under a name by which the next start knows what a killed one left. Throws
 * SystemError if the file system there knows no such directories; then nothing is left.
 */
export function makeSynchronousDirectory(parent: string, identity: Identity | null): Made<OwnTestDirectory> {
  const name = freshName('dirsync');
  const { fd, path: directory, remove } = makePrivateDirectory(parent, name, identity);
  try {
    // Its owner may do so.
    as(identity, () => makeDirectorySynchronous(fd, directory));
    rememberTested(directory, fd);
    const mount = fileSystemOf(directory);
    // No mount option tells of it: the flag is the directory's own.
    const flagged = mount === null ? null : { ...mount, options: [...mount.options, 'dirsync'] };
    const testDirectory = { directory, mount: flagged, hosts: [] };
    return {
      value: { testDirectory, remembered: rememberedAs(directory) },
      remove: () => requireRemoved(remove()),
    };
  } catch (error) {
    remove();
    throw error;
  }
}
