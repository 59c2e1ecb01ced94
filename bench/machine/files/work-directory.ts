/**
 * A private directory for what a program needs while it runs, in the temporary directory or in a cache.
 */
import { realpathSync } from 'node:fs';
import { freshName } from '../owner-name.js';
import { removeLeftovers } from './leftovers.js';
import { makePrivateDirectory } from './private-directory.js';
import { requireRemoved } from './remove.js';

export interface WorkDirectory {
  readonly path: string;
  /** May be called twice. Throws NotRemoved. */
  remove(): void;
}

/**
 * Makes one for us alone in `parent`, and removes what killed starts left there. `kind`: a word for its name's end.
 * Throws SystemError, or an Error if somebody exchanged it while it was made.
 */
export function makeWorkDirectory(parent: string, kind: string): WorkDirectory {
  const real = realpathSync(parent);
  removeLeftovers([real], null);
  const { path, remove } = makePrivateDirectory(real, freshName(kind), null);
  return { path, remove: () => requireRemoved(remove()) };
}
