/**
 * The latest run of this user, which is kept under a name. Apart from what reads results: a run that only writes one needs no
 * library of schemas.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder, writeState } from '../../machine/files/state-folder.js';

/** The name of the latest run of this user. */
export const LAST = 'last';
const LAST_FILE = 'last.json';

/** Keeps the text of a result under that name. Throws Error where it cannot be kept. */
export function keepLast(text: string): void {
  const folder = stateFolder();
  if (folder === null) throw new Error('neither HOME nor XDG_STATE_HOME names a folder');
  writeState(folder, LAST_FILE, text);
}

/** Where `last` lies; null if no run was kept. */
export function lastFile(): string | null {
  const folder = stateFolder();
  const path = folder === null ? null : join(folder, LAST_FILE);
  return path !== null && existsSync(path) ? path : null;
}
