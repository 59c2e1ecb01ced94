/**
 * Removing trees that others may be changing meanwhile. A recursive removal by path can be led astray: an attacker who exchanges a
 * directory for a link between two calls has root delete files of the same names elsewhere. Here each directory is opened
 * without following a link, and what is in it is removed through its descriptor, so that only what really lies in the tree
 * is touched. What fails is collected: one name that cannot be removed does not save the others.
 */

import { closeSync } from 'node:fs';
import { AT_REMOVEDIR, asName, type Name, renameWithin, unlinkat } from '../../../strategies/posix/at.js';
import { entriesOf, openBelow, shown } from '../../../strategies/posix/directory.js';
import { EISDIR, ENOENT, EPERM, SystemError } from '../../../strategies/posix/errno.js';
import {
  type FileStatus,
  isSameFile,
  isSettled,
  statusAt,
  statusOf,
} from '../../../strategies/posix/file-status.js';
import { errno } from '../../../strategies/posix/libc.js';
import { asError } from '../../base/error-message.js';
import { Told } from '../../base/told.js';
import { freshName } from '../owner-name.js';

/** How much is removed at most: what somebody planted to keep us busy stays, and is named. */
export interface Bounds {
  /** Directories within each other. Each holds two descriptors open. */
  readonly depth: number;
  /** Names, in all directories together. */
  readonly entries: number;
}

const BOUNDS: Bounds = { depth: 32, entries: 200_000 };

const here = asName('.');

const isGone = (error: unknown): boolean => error instanceof SystemError && error.errno === ENOENT;

/** Removes a name; null if it is gone, or why it is not. `flags`: 0 or AT_REMOVEDIR. */
function unlink(parent: number, name: Name, flags: number, where: string): SystemError | null {
  if (unlinkat(parent, name, flags) === 0) return null;
  const why = errno();
  return why === ENOENT ? null : new SystemError('unlinkat', why, `${where}/${shown(name)}`);
}

/** Some file systems skip names when others are removed while they are read; nobody needs more. */
const MOST_READINGS = 16;

const MOST_TOLD = 3;

function tellingOf(problems: readonly Error[]): string {
  const told = problems.slice(0, MOST_TOLD).map(({ message }) => message);
  const more = problems.length > MOST_TOLD ? [`and ${problems.length - MOST_TOLD} more`] : [];
  return [...told, ...more].join('; ');
}

/** What could not be removed stays, and is named. */
export class NotRemoved extends Told {
  override readonly name = 'NotRemoved';
  constructor(problems: readonly Error[]) {
    super(tellingOf(problems), { cause: problems[0] });
  }
}

/** Throws NotRemoved if there are problems. */
export function requireRemoved(problems: readonly Error[]): void {
  if (problems.length > 0) throw new NotRemoved(problems);
}

/** Why something could not be made, and what is left of it: that stays, and is named. */
export function withUnremoved(why: unknown, problems: readonly Error[]): unknown {
  if (problems.length > 0 && why instanceof Error) why.message += `; still there: ${tellingOf(problems)}`;
  return why;
}

/** A name's bytes as a text, one to one. */
const keyOf = (name: Name): string => name.toString('latin1', 0, name.length - 1);

class Removal {
  readonly problems: Error[] = [];
  #left: number;

  constructor(private readonly bounds: Bounds) {
    this.#left = bounds.entries;
  }

  /** Removes what is in a directory but for `spared`, reading it anew until nothing more can be removed. */
  empty(directory: number, where: string, depth: number, spared: readonly string[] = []): void {
    const failed = new Set(spared);
    for (let readings = 0; readings < MOST_READINGS; readings++) {
      const found = this.#read(directory, where);
      const entries = found.filter(({ name }) => !failed.has(keyOf(name)));
      if (entries.length === 0) return;
      for (const { name, isDirectory } of entries) {
        if (this.#left-- <= 0) {
          this.problems.push(new Error(`${where}: more than ${this.bounds.entries} names; the rest stays`));
          return;
        }
        const problem = this.#remove(directory, name, isDirectory, where, depth);
        if (problem === null) continue;
        failed.add(keyOf(name));
        this.problems.push(problem);
      }
      if (this.#left <= 0) return;
    }
    this.problems.push(new Error(`${where}: somebody goes on making names in it`));
  }

  /** From the beginning, whatever was read of `directory` before. */
  #read(directory: number, where: string) {
    try {
      const fd = openBelow(directory, here);
      try {
        return entriesOf(fd, this.#left + 1);
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      // Somebody else has removed it.
      if (!isGone(error)) this.problems.push(new Error(`${where}: ${asError(error).message}`));
      return [];
    }
  }

  /** Removes a name and all that is below it; null, or why the name is still there. */
  #remove(
    parent: number,
    name: Name,
    isDirectory: boolean | null,
    where: string,
    depth: number,
  ): Error | null {
    if (isDirectory !== true) {
      const problem = unlink(parent, name, 0, where);
      // What is not a directory may have become one since it was read; some file systems answer EPERM for one.
      if (problem === null || (problem.errno !== EISDIR && problem.errno !== EPERM)) return problem;
      if (isDirectory === false && problem.errno === EPERM) return problem;
    }
    const path = `${where}/${shown(name)}`;
    if (depth >= this.bounds.depth) return new Error(`${path}: more than ${this.bounds.depth} levels deep`);
    let fd: number;
    try {
      fd = openBelow(parent, name);
    } catch (error) {
      return isGone(error) ? null : new Error(`${path}: ${asError(error).message}`);
    }
    try {
      this.empty(fd, path, depth + 1);
    } finally {
      closeSync(fd);
    }
    return unlink(parent, name, AT_REMOVEDIR, where);
  }
}

/**
 * Removes all that is in the directory of a descriptor but for the names `spared`; the directory itself stays. No link is
 * followed, no mount point entered. `where`: its name in messages. Returns what could not be removed, and why; throws nothing.
 */
export function removeContents(
  directory: number,
  where: string,
  spared: readonly string[] = [],
  bounds: Bounds = BOUNDS,
): Error[] {
  const removal = new Removal(bounds);
  removal.empty(directory, where, 0, spared);
  return removal.problems;
}

/**
 * Gives a directory a name that nobody knows, where others rename: what they put in its place between a look and the removal
 * would be removed. Returns the new name, or null if something else had the name; that has it still.
 */
function moveAside(parent: number, name: Name, status: FileStatus): Name | null {
  if (isSettled(statusOf(parent))) return name;
  const aside = asName(freshName());
  // Some file systems cannot; then the look before the removal has to do.
  if (renameWithin(parent, name, aside) === -1) return name;
  if (isSameFile(statusAt(parent, aside), status)) return aside;
  renameWithin(parent, aside, name);
  return null;
}

/**
 * Removes the name of an empty directory whose descriptor is `directory`, if it is still the name of that directory: what
 * somebody put in its place stays, and so does a directory that is not empty. The kernel removes by name alone; so where
 * others rename, a few microseconds are left in which they could have us remove an empty directory, as they could themselves.
 * Returns null, or why it is still there.
 */
export function removeEmptied(parent: number, name: Name, directory: number, where: string): Error | null {
  const status = statusOf(directory);
  const path = `${where}/${shown(name)}`;
  const taken = new Error(`${path}: another file has taken this name; it stays`);
  try {
    if (!isSameFile(statusAt(parent, name), status)) return taken;
    const last = moveAside(parent, name, status);
    return last === null ? taken : unlink(parent, last, AT_REMOVEDIR, where);
  } catch (error) {
    if (!isGone(error)) return asError(error);
    const removed = statusOf(directory).links === 0;
    return removed ? null : new Error(`${path}: somebody has moved this directory; it is empty now`);
  }
}
