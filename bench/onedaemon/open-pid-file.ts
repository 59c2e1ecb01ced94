/**
 * Opening a pid file in a directory that others may write to. A user who can rename there can put anything in the place of
 * what was looked at a moment ago: so the way is walked by descriptors, links of strangers are not followed, and the file is
 * opened once, judged by that descriptor, and written to by it alone.
 */
import { closeSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { AT_FDCWD, asName, O_CLOEXEC, O_PATH, openat } from '../../strategies/posix/at.js';
import { EEXIST, EISDIR, ELOOP, ENOENT, ENOTDIR, SystemError } from '../../strategies/posix/errno.js';
import {
  type FileKind,
  type FileStatus,
  isSameFile,
  statusAt,
  statusOf,
} from '../../strategies/posix/file-status.js';
import { errno } from '../../strategies/posix/libc.js';
import { linkTarget } from '../../strategies/posix/link-target.js';
import { UsageError } from '../base/usage-error.js';
import { holdsOnlyPids } from './pid-file.js';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR } = constants;

export const OPTION = '--pidfile';
const MODE = 0o644;
/** As many as the kernel follows. */
const LINKS = 40;
const LOOK = O_PATH | O_NOFOLLOW | O_CLOEXEC;
/** A named pipe that takes the file's place between two looks would keep us waiting. */
const USE = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

/** A name in a directory. What it stood for when it was looked at, links followed: null for nothing. */
interface PidFilePath {
  readonly directory: number;
  readonly name: string;
  readonly kind: FileKind | null;
}

export interface PidFile {
  readonly fd: number;
  /** Where it was found, to look again. */
  readonly directory: number;
  readonly name: string;
}

/** Opens a name in a directory; null if that fails with the errno that is expected. Throws SystemError. */
function openUnless(expected: number | null, directory: number, name: string, flags: number): number | null {
  const fd = openat(directory, asName(name), flags, MODE);
  if (fd !== -1) return fd;
  const why = errno();
  if (why === expected) return null;
  throw new SystemError('open', why, name);
}

let rootUid: number | undefined;

/**
 * Whether somebody's link is followed: ours and root's. In a user namespace root may not be among the users, and all that is
 * root's seems to be of one who stands for all others, as "/" does.
 */
function isTrusted(uid: number): boolean {
  rootUid ??= statSync('/').uid;
  return uid === 0 || uid === process.geteuid?.() || uid === rootUid;
}

function requireTrusted({ uid }: FileStatus, link: string, path: string): void {
  if (isTrusted(uid)) return;
  throw new UsageError(
    `${OPTION}: a link of this user or of root was expected, "${link}" on the way to ${JSON.stringify(path)} belongs to uid ${uid}`,
    'it may lead anywhere: name the file itself',
  );
}

/** What a path that ends in a slash leads to must be a directory: its last name is ".", as to the kernel. */
const namesOf = (path: string): string[] => [
  ...path.split('/').filter((name) => name !== '' && name !== '.'),
  ...(/\/\.?$/.test(path) ? ['.'] : []),
];
const startOf = (path: string): number =>
  openUnless(null, AT_FDCWD, path.startsWith('/') ? '/' : '.', O_PATH | O_DIRECTORY | O_CLOEXEC) as number;

/**
 * Walks to the directory of a file, through the links on the way and the file's own. The name itself need not be there.
 * Throws UsageError for a stranger's link, SystemError for everything else.
 */
function find(path: string): PidFilePath {
  const names = namesOf(path);
  let directory = startOf(path);
  let links = 0;
  const moveTo = (fd: number): void => {
    closeSync(directory);
    directory = fd;
  };
  try {
    for (;;) {
      const name = names.shift() ?? '.';
      const fd = openUnless(ENOENT, directory, name, LOOK);
      if (fd === null && names.length > 0) {
        throw new SystemError('open', names.every((one) => one === '.') ? EISDIR : ENOENT, path);
      }
      if (fd === null) return { directory, name, kind: null };
      const status = statusOf(fd);
      if (status.kind === 'directory' && names.length > 0) {
        moveTo(fd);
        continue;
      }
      try {
        if (status.kind !== 'symbolic link') {
          if (names.length > 0) throw new SystemError('open', ENOTDIR, path);
          return { directory, name, kind: status.kind };
        }
        requireTrusted(status, name, path);
        if (++links > LINKS) throw new SystemError('open', ELOOP, path);
        const target = linkTarget(fd);
        names.unshift(...namesOf(target));
        if (target.startsWith('/')) moveTo(startOf(target));
      } finally {
        closeSync(fd);
      }
    }
  } catch (error) {
    closeSync(directory);
    throw error;
  }
}

function requireRegular(kind: FileKind, path: string): void {
  if (kind === 'regular file') return;
  const isDirectory = kind === 'directory';
  throw new UsageError(
    `${OPTION}: a regular file was expected, ${JSON.stringify(path)} is ${isDirectory ? 'a directory' : 'none'}`,
    `name a file, such as ${join(isDirectory ? path : '/run', 'name.pid')}`,
  );
}

/** What is open is judged, and not what has its name: all of it, since all of it would be gone. */
function requirePidFile(fd: number, path: string): void {
  requireRegular(statusOf(fd).kind, path);
  if (holdsOnlyPids(fd)) return;
  throw new UsageError(
    `${OPTION}: an empty file or one that holds a pid was expected, ${JSON.stringify(path)} holds something else`,
    'it would be overwritten; name another, or remove it',
  );
}

/** Opens what is there, or makes it; null if it came or went between two looks. */
function tryOpen({ directory, name, kind }: PidFilePath, path: string): number | null {
  // Opening a device may do something; a socket cannot be opened.
  if (kind !== null) requireRegular(kind, path);
  const fd =
    kind === null
      ? openUnless(EEXIST, directory, name, O_RDWR | O_CREAT | O_EXCL | USE)
      : openUnless(ENOENT, directory, name, O_RDWR | USE);
  if (fd === null) return null;
  try {
    requirePidFile(fd, path);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/**
 * Opens a pid file, and makes it, empty, if it is not there. What holds anything but pids is left as it is. No child gets
 * the descriptors. Throws UsageError for what is no pid file, SystemError for one that cannot be opened; then nothing is open.
 */
export function openPidFile(path: string): PidFile {
  // To the walk it would be the working directory.
  if (path === '') throw new SystemError('open', ENOENT);
  for (;;) {
    const place = find(path);
    try {
      const fd = tryOpen(place, path);
      if (fd !== null) return { fd, directory: place.directory, name: place.name };
    } catch (error) {
      closeSync(place.directory);
      throw error;
    }
    closeSync(place.directory);
  }
}

/** Opens the same file once more: another open file description. Throws SystemError. */
export const openAgain = ({ directory, name }: PidFile): number =>
  openUnless(null, directory, name, O_RDWR | USE) as number;

/** Whether it still has its name; else who comes later locks another file. */
export function isInPlace({ fd, directory, name }: PidFile): boolean {
  try {
    return isSameFile(statusOf(fd), statusAt(directory, asName(name)));
  } catch (error) {
    if (error instanceof SystemError && error.errno === ENOENT) return false;
    throw error;
  }
}

export function closePidFile({ fd, directory }: PidFile): void {
  closeSync(fd);
  closeSync(directory);
}

/** A file that we may read and not write, to look who has it; null if it is not one, or not to be seen. */
export function peekAtPidFile(path: string): PidFile | null {
  try {
    const { directory, name, kind } = find(path);
    try {
      if (kind !== 'regular file') return null;
      const fd = openUnless(null, directory, name, O_RDONLY | USE) as number;
      return { fd, directory, name };
    } catch (error) {
      closeSync(directory);
      throw error;
    }
  } catch {
    return null;
  }
}
