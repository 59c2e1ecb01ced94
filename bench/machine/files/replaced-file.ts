/**
 * A file that is replaced whole: written beside its place, in a part of its own, which is renamed over it. No reader sees half
 * a file, and who plants a link under a name that we may use next gains nothing: a part has a name that nobody can guess, is
 * made by us alone, and is written by its descriptor.
 *
 * A part of a killed run is recognised by its name, its owner, and the lock that its writer held, which the kernel gives back
 * however it ends; a pid would come again. The next start that writes to the same place removes it.
 *
 * Where nothing can be renamed to (a file that is a mount point, a directory that is closed to us), the file that is there is
 * written to itself.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, ftruncateSync, writeSync } from 'node:fs';
import { asName, type Name, renameat, unlinkat } from '../../../strategies/posix/at.js';
import { entriesOf, openBelow } from '../../../strategies/posix/directory.js';
import { lockDirectory as lock } from '../../../strategies/posix/directory-lock.js';
import { EBUSY, EPERM, fail, SystemError } from '../../../strategies/posix/errno.js';
import { type FileStatus, statusAt, statusOf } from '../../../strategies/posix/file-status.js';
import { quoted } from '../../base/visible.js';
import { createFile, openRegular, readAll } from './open-file.js';

const SUFFIX = /^\.lockbench-[0-9a-f]{16}\.part$/;
/** Of a name: there is room for the suffix then. */
const MOST_NAME_BYTES = 200;
const TRIES = 3;
const PERMISSIONS = 0o777;
const FOR_ALL = 0o666;
const STICKY = 0o1000;

interface Part {
  readonly fd: number;
  readonly name: Name;
}

/** How the names of all parts of a file begin. */
const stemOf = (name: Name): Buffer =>
  Buffer.from(name.subarray(0, Math.min(name.length - 1, MOST_NAME_BYTES)));

/** Makes a part, locked, so that no other start removes it. Throws SystemError. */
function createPart(directory: number, target: Name): Part {
  for (let left = TRIES; ; left--) {
    const suffix = `.lockbench-${randomBytes(8).toString('hex')}.part`;
    const name = asName(Buffer.concat([stemOf(target), Buffer.from(suffix)]));
    const fd = createFile(directory, name, FOR_ALL);
    // Between its birth and its lock another start may have taken it for one that was left. Where a file system has no
    // locks, nobody gets one, and nothing is removed.
    const ours = (lock(fd) || left === 1) && statusOf(fd).links === 1;
    if (ours) return { fd, name };
    unlinkat(directory, name, 0);
    closeSync(fd);
  }
}

/** Removes the part if the process that made it has ended. */
function removeLeft(directory: number, name: Name): void {
  let fd: number;
  try {
    fd = openRegular(directory, name, { access: 'reading' });
  } catch {
    return;
  }
  try {
    const { uid, links } = statusOf(fd);
    if (uid === process.geteuid?.() && links === 1 && lock(fd)) unlinkat(directory, name, 0);
  } finally {
    closeSync(fd);
  }
}

/** Removes what killed runs left of a file, or of any if none is named. Nothing happens where one may not look. */
export function removeLeftParts(directory: number, target: Name | null): void {
  let fd: number;
  try {
    fd = openBelow(directory, asName('.'));
  } catch {
    return;
  }
  try {
    for (const { name } of entriesOf(fd)) {
      const text = name.subarray(0, name.length - 1);
      const at = target === null ? text.lastIndexOf('.lockbench-') : stemOf(target).length;
      const isPart = at >= 0 && SUFFIX.test(text.subarray(at).toString('latin1'));
      if (isPart && (target === null || text.subarray(0, at).equals(stemOf(target))))
        removeLeft(directory, name);
    }
  } finally {
    closeSync(fd);
  }
}

/** Writes all of it from `position` on. Returns where it ends. */
function writeAt(fd: number, bytes: Buffer, position: number): number {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, position + at);
  return position + bytes.length;
}

/** The file that is there, opened to be written to should it come to that; null if it may not be. */
function openOriginal(directory: number, name: Name): number | null {
  let fd: number;
  try {
    fd = openRegular(directory, name, { access: 'writing' });
  } catch {
    return null;
  }
  const { uid, links } = statusOf(fd);
  // A file of another user that has a second name may have been given this one to have us write to it.
  if (links === 1 || uid === process.geteuid?.()) return fd;
  closeSync(fd);
  return null;
}

/** Throws SystemError if a rename over the file must fail: as a mount point, or as another's in a sticky directory. */
function requireReplaceable(directory: number, there: FileStatus, path: string): void {
  if (there.isMountRoot) throw new SystemError('rename', EBUSY, path);
  const above = statusOf(directory);
  const owners = [there.uid, above.uid];
  const us = process.geteuid?.() ?? 0;
  if ((above.mode & STICKY) !== 0 && !owners.includes(us)) throw new SystemError('rename', EPERM, path);
}

export class ReplacedFile {
  readonly #mode: number | null;
  #original: number | null = null;
  #part: Part | null = null;
  /** What is to be written to the original, where no part can be made. */
  #kept: Buffer[] = [];
  #length = 0;

  /**
   * Opens a file of a directory that `directory` is open on, and stays so. `name`: a name in it, of a regular file or of
   * none. Throws SystemError if it can neither be replaced nor written to; then nothing is left.
   */
  constructor(
    private readonly directory: number,
    private readonly name: Name,
    private readonly path: string,
    there: FileStatus | null,
  ) {
    this.#mode = there === null ? null : there.mode & PERMISSIONS;
    removeLeftParts(directory, name);
    if (there !== null) {
      this.#original = openOriginal(directory, name);
      if (this.#original === null) requireReplaceable(directory, there, path);
    }
    this.#begin();
  }

  /** Adds to what the file is to hold. Throws SystemError. */
  append(text: string): void {
    const bytes = Buffer.from(text);
    const part = this.#begin();
    if (part === null) this.#kept.push(bytes);
    else
      this.#named(() => {
        this.#length = writeAt(part.fd, bytes, this.#length);
      });
  }

  /** What was added takes its place. Throws SystemError; then what was there before is there still. */
  commit(): void {
    const part = this.#begin();
    if (part === null) {
      this.#writeInPlace(Buffer.concat(this.#kept));
      return;
    }
    if (renameat(this.directory, part.name, this.directory, this.name) === -1) {
      if (this.#original === null) fail('rename', this.path);
      this.#writeInPlace(readAll(part.fd, this.#length));
      this.#discard();
      return;
    }
    closeSync(part.fd);
    this.#part = null;
    this.#forget();
  }

  /** As `append` and `commit` of a text that is all of it. */
  replace(text: string): void {
    if (this.#part !== null) ftruncateSync(this.#part.fd, 0);
    this.#length = 0;
    this.#kept = [];
    this.append(text);
    this.commit();
  }

  /** Leaves nothing half-made behind. */
  close(): void {
    this.#discard();
    this.#forget();
  }

  /** null: there can be no part. */
  #begin(): Part | null {
    if (this.#part !== null) return this.#part;
    try {
      this.#part = createPart(this.directory, this.name);
    } catch (error) {
      if (this.#original === null) throw error;
      return null;
    }
    this.#length = 0;
    if (this.#mode !== null) fchmodSync(this.#part.fd, this.#mode);
    return this.#part;
  }

  #writeInPlace(bytes: Buffer): void {
    if (this.#original === null) return;
    ftruncateSync(this.#original, 0);
    const fd = this.#original;
    this.#named(() => writeAt(fd, bytes, 0));
    this.#kept = [];
  }

  /** Has an error of writing name the file, which the kernel knows by its descriptor alone. */
  #named(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
      error.message = `${quoted(this.path)} could not be written: ${error.message}`;
      throw error;
    }
  }

  #discard(): void {
    if (this.#part === null) return;
    unlinkat(this.directory, this.#part.name, 0);
    closeSync(this.#part.fd);
    this.#part = null;
  }

  /** What was replaced is a file without a name. */
  #forget(): void {
    if (this.#original !== null) closeSync(this.#original);
    this.#original = null;
  }
}

/** What a name in a directory stands for; null for nothing. Throws SystemError. */
export function statusIfThere(directory: number, name: Name): FileStatus | null {
  try {
    return statusAt(directory, name);
  } catch (error) {
    if (error instanceof SystemError && error.code === 'ENOENT') return null;
    throw error;
  }
}
