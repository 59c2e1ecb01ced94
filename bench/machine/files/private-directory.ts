/**
 * Directories of our own below directories that others may write to, /tmp for one. Between the call that makes a directory
 * and the one that opens it, somebody who may rename there can exchange it; what was opened is therefore looked at before
 * anything is done to it, and from then on it is used by its descriptor.
 *
 * What a killed run leaves is recognised by three things: its name says whose it is, a file in it says the same and cannot
 * be put there by others, and nobody holds the lock on it.
 */
import { closeSync, fchmodSync, fchownSync } from 'node:fs';
import { join } from 'node:path';
import { AT_REMOVEDIR, asName, mkdirat, type Name, unlinkat } from '../../../strategies/posix/at.js';
import { entriesOf, openBelow, openDirectory, shown } from '../../../strategies/posix/directory.js';
import { lockDirectory } from '../../../strategies/posix/directory-lock.js';
import { fail, SystemError } from '../../../strategies/posix/errno.js';
import { type FileStatus, isSettled, statusAt, statusOf } from '../../../strategies/posix/file-status.js';
import { Told } from '../../base/told.js';
import { as, type Identity } from '../identity.js';
import { MARK_NAME } from '../owner-name.js';
import { createFile, openRegular, readAll, writeAll } from './open-file.js';
import { removeContents, removeEmptied, withUnremoved } from './remove.js';

/** The user that the directory is given to may read it; nobody changes it. */
const MARK_MODE = 0o444;
/** Long enough for any name. */
const MARK_BYTES = 512;

// Sticky, and for nobody but its owner: directories in use do not look like this, so that one which is exchanged for ours
// at birth is told from it.
const NEWBORN = 0o1700;
const STICKY = 0o1000;
const OF_OTHERS = 0o077;
const PASSING = 0o011;

/** A directory that exists, is ours, and is locked for as long as we live. */
export interface PrivateDirectory {
  /** By which other processes find it, as long as nobody renames it. */
  readonly path: string;
  /** The same directory, whatever its name is by now; for this process alone. */
  readonly here: string;
  readonly fd: number;
  /** By which another process knows whether it found the right one. */
  readonly inode: string;
  /** Removes it with all that is in it. Returns what could not be removed, and why. May be called twice. */
  remove(): Error[];
}

/** The path of what a descriptor is open on. Looked up anew, yet it cannot lead to anything else. */
export const pathOfDescriptor = (fd: number): string => `/proc/self/fd/${fd}`;

/** Whether this is what `makePrivateDirectory` makes first, but for what file systems add themselves. */
const isNewborn = ({ mode }: FileStatus): boolean => (mode & (STICKY | OF_OTHERS)) === STICKY;

/** Throws an Error if this is not the directory that was made a moment ago. */
function requireNewborn(fd: number, parent: FileStatus, owner: Identity | null, path: string): void {
  const status = statusOf(fd);
  // Where root's files are squashed to another user's, they are the workers' at once.
  const ours = status.uid === process.geteuid?.() || status.uid === owner?.uid;
  // File systems without permissions give each directory the mode of the mount, and have no owners to change.
  const unmarkable = owner === null && status.mode === parent.mode && status.uid === parent.uid;
  // Some make a directory without the sticky bit (bindfs): where nobody can exchange it, no mark is needed.
  const unexchanged = isSettled(parent) && (status.mode & OF_OTHERS) === 0;
  if (ours && (isNewborn(status) || unmarkable || unexchanged) && entriesOf(fd, 1).length === 0) return;
  throw new Told(
    `${path}: while this directory was made, another process put something else in its place. Use a directory in which nobody else renames files`,
  );
}

/** Directories of ours that are tested themselves: what each was when it was made, by path. */
const tested = new Map<string, string>();

const identityOf = ({ device, inode }: FileStatus): string => `${device} ${inode}`;

/** From now on what is made below this path is made below this directory, or not at all: others may rename on the way. */
export const rememberTested = (path: string, fd: number): void => rememberAs(path, identityOf(statusOf(fd)));

/** The same where another process has remembered it. */
export function rememberAs(path: string, identity: string): void {
  tested.set(path, identity);
}

/** What the directory of this path must be; null for one that a user named, in whose place nobody puts another. */
export const rememberedAs = (path: string): string | null => tested.get(path) ?? null;

/** Opens the directory of an absolute path. Throws SystemError, or an Error if it is not what it is remembered as. */
function openParent(path: string): number {
  const fd = openDirectory(path);
  const remembered = rememberedAs(path);
  if (remembered === null || identityOf(statusOf(fd)) === remembered) return fd;
  closeSync(fd);
  throw new Told(`${path}: another process has put something else in the place of this directory`);
}

/** Writes down in a directory what it is called. */
function mark(fd: number, name: string): void {
  const file = createFile(fd, asName(MARK_NAME), MARK_MODE);
  try {
    writeAll(file, `${name}\n`);
  } finally {
    closeSync(file);
  }
}

/** Removes what is in a directory and then its name. Returns what could not be removed, and why. */
function removeAll(parent: number, name: Name, fd: number, where: string, owner: Identity | null): Error[] {
  const path = `${where}/${shown(name)}`;
  const spared = [MARK_NAME];
  // As the owner first: root of a container may not look into another user's directory (CAP_DAC_OVERRIDE is not given to
  // all), but may remove it when it is empty. What the owner cannot do, root mostly can.
  let problems = owner === null ? null : as(owner, () => removeContents(fd, path, spared));
  if (problems === null || problems.length > 0) problems = removeContents(fd, path, spared);
  if (problems.length > 0) return problems;
  // The mark goes last: should we be killed in between, the next start still knows what this is.
  problems = [...unmark(fd, path, owner)];
  const still = removeEmptied(parent, name, fd, where);
  return still === null ? problems : [...problems, still];
}

function unmark(fd: number, path: string, owner: Identity | null): Error[] {
  try {
    fchmodSync(fd, NEWBORN);
  } catch {
    // It only tells the next start what this is, should we be killed in the next few microseconds.
  }
  // Nearly always root can, and need not become another for it.
  const problems = removeContents(fd, path);
  return owner === null || problems.length === 0 ? problems : as(owner, () => removeContents(fd, path));
}

/** Removes what was just made and could not be opened, unless something else has its name. */
function removeUnopened(parent: number, name: Name): void {
  try {
    if (isNewborn(statusAt(parent, name))) unlinkat(parent, name, AT_REMOVEDIR);
  } catch {
    // It has gone, or another file has its name.
  }
}

/** A directory in which one is made: its absolute path without links, as realpath(3) returns it, or one that was made so. */
type Parent = string | Pick<PrivateDirectory, 'path' | 'fd'>;

/**
 * Makes a directory in the directory `parent`, marks and locks it, and gives it to `owner`. `mode`: its permissions in the end, nothing for others but to pass through. Throws
 * SystemError, or an Error if somebody exchanged it while it was made; then nothing of ours is left, and nothing of others
 * was touched.
 */
export function makePrivateDirectory(
  parent: Parent,
  name: string,
  owner: Identity | null,
  mode: 0o700 | 0o711 = 0o700,
): PrivateDirectory {
  const parentPath = typeof parent === 'string' ? parent : parent.path;
  const path = join(parentPath, name);
  const bytes = asName(name);
  const above = typeof parent === 'string' ? openParent(parent) : openBelow(parent.fd, asName('.'));
  let fd: number | undefined;
  try {
    if (mkdirat(above, bytes, NEWBORN) === -1) fail('mkdir', path);
    try {
      fd = openBelow(above, bytes);
    } catch (error) {
      removeUnopened(above, bytes);
      throw error;
    }
    requireNewborn(fd, statusOf(above), owner, path);
  } catch (error) {
    if (fd !== undefined) {
      closeSync(fd);
      // What it is could not be asked, as where no more files may be open; then nobody has exchanged it for what it is not.
      if (error instanceof SystemError) removeUnopened(above, bytes);
    }
    closeSync(above);
    throw error;
  }
  let open = true;
  const opened = fd;
  const remove = (): Error[] => {
    if (!open) return [];
    open = false;
    try {
      return removeAll(above, bytes, opened, parentPath, owner);
    } finally {
      closeSync(opened);
      closeSync(above);
    }
  };
  try {
    // Where a file system has no such locks, nobody gets this one, and the directory is left alone by all.
    lockDirectory(fd);
    mark(fd, name);
    fchmodSync(fd, mode);
    if (owner !== null) fchownSync(fd, owner.uid, owner.gid);
  } catch (error) {
    throw withUnremoved(error, remove());
  }
  return { path, here: pathOfDescriptor(fd), fd, inode: String(statusOf(fd).inode), remove };
}

/** Whether a directory bears the mark of its name, which only root, its owner or we can have put there. */
function isMarked(fd: number, name: Name, owner: number): boolean {
  let file: number;
  try {
    file = openRegular(fd, asName(MARK_NAME), { access: 'reading' });
  } catch {
    return false;
  }
  try {
    const { uid, links } = statusOf(file);
    const written = readAll(file, MARK_BYTES).toString('utf8');
    const trusted = [0, process.geteuid?.(), owner].includes(uid);
    return trusted && links === 1 && written === `${shown(name)}\n`;
  } finally {
    closeSync(file);
  }
}

/** Whether a directory of ours is as it was when its maker was stopped in the midst: nothing is in it but a mark, whole or not. */
function isHalfMade(fd: number, status: FileStatus, parent: FileStatus): boolean {
  // Some make a directory without the sticky bit (bindfs): where nobody can put another in its place, it is ours without.
  const ours = isSettled(parent) && status.uid === process.geteuid?.() && (status.mode & OF_OTHERS) === 0;
  return (isNewborn(status) || ours) && entriesOf(fd, 2).every(({ name }) => shown(name) === MARK_NAME);
}

/**
 * Removes a directory that a process which has ended left in `parent`, whose path is `where`: if it is ours or our
 * workers', if it bears our mark or was being made, and if nobody holds the lock on it; `waits`: as soon as nobody does.
 * Returns whether it is gone, and what could not be removed.
 */
export function removeLeft(
  parent: number,
  name: Name,
  where: string,
  identity: Identity | null,
  { waits = false } = {},
): { readonly gone: boolean; readonly problems: readonly Error[] } {
  const kept = { gone: false, problems: [] };
  const us = process.geteuid?.();
  const { uid, kind } = statusAt(parent, name);
  if (kind !== 'directory' || (uid !== us && uid !== identity?.uid)) return kept;
  const owner = uid === us ? null : identity;
  const fd = openAs(owner, parent, name);
  try {
    const status = statusOf(fd);
    if (status.uid !== uid || !lockDirectory(fd, { waits })) return kept;
    const halfMade = isHalfMade(fd, status, statusOf(parent));
    const marked = (): boolean => as(owner, () => isMarked(fd, name, uid)) || isMarked(fd, name, uid);
    // What is open to others was not made here, or was changed by others since.
    if (!halfMade && ((status.mode & OF_OTHERS & ~PASSING) !== 0 || !marked())) return kept;
    const problems = removeAll(parent, name, fd, where, owner);
    return { gone: problems.length === 0, problems };
  } finally {
    closeSync(fd);
  }
}

/** Opens a directory as its owner, or as we are where the owner cannot reach it. */
function openAs(owner: Identity | null, parent: number, name: Name): number {
  try {
    return as(owner, () => openBelow(parent, name));
  } catch (error) {
    if (owner === null) throw error;
    return openBelow(parent, name);
  }
}
