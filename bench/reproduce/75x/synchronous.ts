/**
 * A directory whose changes are on the disk when the call that made them returns, as those of 1998's file systems were.
 */
import { makeDirectorySynchronous } from '../../../strategies/posix/inode-flags.js';
import { fileSystemOf } from '../../machine/file-system.js';
import { makePrivateDirectory, rememberTested } from '../../machine/files/private-directory.js';
import { requireRemoved } from '../../machine/files/remove.js';
import { as, type Identity } from '../../machine/identity.js';
import { freshName } from '../../machine/owner-name.js';
import type { TestDirectory } from '../../measure/parent/plan.js';

export interface TemporaryDirectory {
  readonly testDirectory: TestDirectory;
  remove(): void;
}

/**
 * Makes one below `parent` for the workers, under a name by which the next start knows what a killed one left. Throws
 * SystemError if the file system there knows no such directories; then nothing is left.
 */
export function makeSynchronousDirectory(parent: string, identity: Identity | null): TemporaryDirectory {
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
    return { testDirectory, remove: () => requireRemoved(remove()) };
  } catch (error) {
    remove();
    throw error;
  }
}
