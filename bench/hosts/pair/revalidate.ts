/**
 * Looking at names that another host makes. A client of a network file system keeps what it knows of a directory for up to a
 * minute, and "not there" is kept, too. A change of its own makes it ask the server what has become of the directory.
 */
import { mkdirSync, rmdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { quoted } from '../../base/visible.js';
import { freshName } from '../../machine/owner-name.js';

/** What a directory of ours looks like before anything is in it: should we be killed in between, the next start removes it. */
const NEWBORN = 0o1700;

export const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Nothing is changed but the times: a name made for this would be in the way of the one that removes the directory. */
export function revalidateOurs(directory: string): void {
  const now = new Date();
  try {
    utimesSync(directory, now, now);
  } catch (error) {
    // It has gone, or it cannot be; then what is there is seen later.
    if (codeOf(error) === 'ENOENT') throw error;
  }
}

/** For a directory that others own, whose times they alone may set. */
export function revalidateShared(directory: string): void {
  const path = join(directory, freshName('look'));
  try {
    mkdirSync(path, NEWBORN);
  } catch (error) {
    if (codeOf(error) !== 'EACCES') throw error;
    // What root may do in the directory, its workers' user may not.
    throw new Error(
      `${quoted(directory)} refuses a new name by uid ${process.geteuid?.()}: make it writable for that user, ` +
        'or name another directory; root may use --stay-root',
    );
  }
  rmdirSync(path);
}

/** Does it; false if a name on the way is not there, or is there against what `action` expects. */
export function succeeds(action: () => void, ...expected: readonly string[]): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (expected.includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}
