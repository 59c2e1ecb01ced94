/**
 * What an earlier start left behind because it was killed: found by name, judged by owner, removed by the next start.
 */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Identity } from '../environment/identity.js';
import { hasEnded, ownerOf } from './owner-name.js';

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

/**
 * Removes the places and shared memory of processes that have ended from these directories. Returns the paths removed.
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
        if (!ours.includes(lstatSync(path).uid)) continue;
        rmSync(path, { recursive: true, force: true });
        removed.push(path);
      } catch (error) {
        if (!EXPECTED.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
    }
  }
  return removed;
}
