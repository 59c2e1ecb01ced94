/**
 * Opening files that somebody else may have put there. A named pipe would keep an open(2) waiting for ever, a device may do
 * anything when it is opened for writing, a link leads elsewhere, a terminal becomes ours: so nothing is waited for, no
 * link is followed, and what was opened is looked at before it is used.
 */
import { closeSync, constants, readSync, writeSync } from 'node:fs';
import { type Name, O_CLOEXEC, openat } from '../../../strategies/posix/at.js';
import { shown } from '../../../strategies/posix/directory.js';
import { fail } from '../../../strategies/posix/errno.js';
import { type FileStatus, statusOf } from '../../../strategies/posix/file-status.js';
import { Told } from '../../base/told.js';

const { O_CREAT, O_EXCL, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/** What is there is not a regular file. `code`: as of a system call that expected one. */
export class NotRegular extends Told {
  override readonly name = 'NotRegular';
  readonly code = 'EINVAL';
  constructor(
    path: string,
    readonly status: FileStatus,
  ) {
    super(`${path}: a regular file was expected, got a ${status.kind}`);
  }
}

const ACCESS = { reading: O_RDONLY, writing: O_WRONLY, both: O_RDWR } as const;

export interface OpenRegular {
  readonly access: keyof typeof ACCESS;
  /** Whether a link as the last component is followed: to what a user named on the command line. */
  readonly follow?: boolean;
}

/**
 * Opens an existing regular file, never waiting. `name`: looked up in the directory of `directory`, or a path if that is
 * AT_FDCWD. Returns a descriptor. Throws SystemError (ELOOP for a link), or NotRegular; then nothing is open.
 */
export function openRegular(directory: number, name: Name, { access, follow = false }: OpenRegular): number {
  const flags = ACCESS[access] | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW);
  const fd = openat(directory, name, flags, 0);
  if (fd === -1) fail('open', shown(name));
  const status = statusOf(fd);
  if (status.kind === 'regular file') return fd;
  closeSync(fd);
  throw new NotRegular(shown(name), status);
}

/** Makes a file that nobody had made before, for reading and writing. Throws SystemError, EEXIST for a planted link, too. */
export function createFile(directory: number, name: Name, mode: number): number {
  const fd = openat(directory, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, mode);
  if (fd === -1) fail('open', shown(name));
  return fd;
}

/** Reads a descriptor from its beginning to its end, at most `limit` bytes. */
export function readAll(fd: number, most: number): Buffer {
  const bytes = Buffer.alloc(most);
  let length = 0;
  for (;;) {
    const read = readSync(fd, bytes, length, most - length, length);
    if (read === 0) return bytes.subarray(0, length);
    length += read;
  }
}

/** Writes all of a text to a descriptor. */
export function writeAll(fd: number, text: string | Buffer): void {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}
