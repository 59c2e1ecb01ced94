/**
 * The textbook's cure for a lock file that its holder left behind, in its simplest form: the holder's pid in the file, and a
 * waiter that finds no process of that pid removes the file and makes its own. No strategy of the catalogue, since it is
 * here to be seen failing; `excl-pid` is what it takes to do this well.
 *
 * Where it breaks: the pid may be another's by now, and then the file counts as held for as long as that one lives. And of two
 * waiters that both find the holder gone, the slower removes the file of the faster.
 * Source: textbook, 9.8 (the first drawback); kill(2).
 */
import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import type { Recovery, SyncStrategy } from '../../../strategies/strategy.js';

/** Does it; returns whether it failed with this errno. All others are thrown. */
function failsWith(errno: string, action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === errno) return true;
    throw error;
  }
}

const make = (path: string): boolean =>
  !failsWith('EEXIST', () => writeFileSync(path, String(process.pid), { flag: 'wx' }));

/** A file that is empty yet names the pid 0, which to kill(2) is our own group: it counts as held. */
function holderIsGone(path: string): boolean {
  let pid = 0;
  if (failsWith('ENOENT', () => (pid = Number(readFileSync(path, 'latin1'))))) return false;
  return failsWith('ESRCH', () => process.kill(pid, 0));
}

export const strategy: SyncStrategy = {
  // Loaded by it, since the catalogue does not know it.
  name: import.meta.url,
  title: 'lock file with a pid',
  family: 'name in a directory',
  source: 'textbook, 9.8',
  claims: {
    excludes: false,
    excludesAsRoot: false,
    excludesAcrossNfs: { v3: false, v4: false },
    holderDies: 'taken-over',
    owner: 'name',
  },
  calls: 'synchronous',
  open(site) {
    const path = site.path('lock');
    let recovery: Recovery | null = null;
    return {
      tryLock() {
        recovery = null;
        if (make(path)) return true;
        if (!holderIsGone(path)) return false;
        failsWith('ENOENT', () => unlinkSync(path));
        if (!make(path)) return false;
        recovery = 'taken-over';
        return true;
      },
      unlock: () => unlinkSync(path),
      recovery: () => recovery,
      close() {},
    };
  },
};
