/**
 * The latest run of this user, which is kept under a name. Apart from what reads results: a run that only writes one needs no
 * library of schemas.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { copyState, stateFolder, writeState } from '../../machine/files/state-folder.js';

/** The name of the latest run of this user. */
export const LAST = 'last';
/** That of the one before it. */
export const PREVIOUS = 'previous';

export type Kept = typeof LAST | typeof PREVIOUS;
const fileOf = (kept: Kept): string => `${kept}.json`;

/** Keeps the text of a result as the latest; what was the latest is the previous one then. Throws Error where it cannot be kept. */
export function keepLast(text: string): void {
  const folder = stateFolder();
  if (folder === null) throw new Error('neither HOME nor XDG_STATE_HOME names a folder');
  copyState(folder, fileOf(LAST), fileOf(PREVIOUS));
  writeState(folder, fileOf(LAST), text);
}

/** Where a kept run lies; null if there is none. */
export function keptFile(kept: Kept): string | null {
  const folder = stateFolder();
  const path = folder === null ? null : join(folder, fileOf(kept));
  return path !== null && existsSync(path) ? path : null;
}
