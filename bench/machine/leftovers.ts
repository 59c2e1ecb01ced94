/**
 * What an earlier start left behind because it was killed: found by name, judged by owner, removed by the next start.
 */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeSemaphore, SYSV_SUFFIX } from '../../strategies/posix/sysv-semaphore.js';
import { as, type Identity } from './identity.js';
import { hasEnded, ownerOf } from './owner-name.js';
import { removeTree } from './remove-tree.js';

/** Two starts may clean up at once; and what cannot be removed stays, as do the names of others. */
const EXPECTED = ['ENOENT', 'EACCES', 'EPERM', 'EROFS'];

/** Names in a directory; none if it may be written to but not listed. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return [];
    throw error;
  }
}

/** What a name stands for besides a file: a System V semaphore lies in the kernel, and its user may remove it. */
function removeWhatIsNamed(name: string, owner: Identity | null): void {
  if (name.endsWith(SYSV_SUFFIX)) as(owner, () => removeSemaphore(name));
}

/**
 * Removes the places, shared memory and semaphores of processes that have ended from these directories. Returns the paths removed.
 * What belongs to another user than us or our workers stays, whatever its name says.
 */
export function removeLeftovers(directories: readonly string[], identity: Identity | null): string[] {
  const ours = [process.getuid?.(), identity?.uid];
  const removed: string[] = [];
  for (const directory of new Set(directories)) {
    for (const name of namesIn(directory)) {
      const owner = ownerOf(name);
      const path = join(directory, name);
      if (owner === null || !hasEnded(owner)) continue;
      try {
        const { uid } = lstatSync(path);
        if (!ours.includes(uid)) continue;
        const remover = uid === identity?.uid ? identity : null;
        removeWhatIsNamed(name, remover);
        removeTree(path, remover);
        removed.push(path);
      } catch (error) {
        if (!EXPECTED.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
    }
  }
  return removed;
}
