/**
 * Directories by descriptor: opened by a walk that follows no link, and read. A look-up by path trusts everybody who may
 * rename a directory on the way; what a descriptor is open on, nobody can exchange.
 */
import { constants } from 'node:fs';
import {
  AT_FDCWD,
  asName,
  getdents64,
  type Name,
  O_CLOEXEC,
  O_PATH,
  openat,
  openat2,
  RESOLVE_BENEATH,
  RESOLVE_NO_SYMLINKS,
  RESOLVE_NO_XDEV,
} from './at.js';
import { ENOSYS, EPERM, EXDEV, fail, SystemError } from './errno.js';
import { isSameFile, statusOf } from './file-status.js';
import { close, errno } from './libc.js';

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
const WAY = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
const TO_READ = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/** What a name in a message looks like, whatever its bytes. */
export const shown = (name: Buffer): string => name.subarray(0, name.indexOf(0)).toString('utf8');

/** Whether openat2(2) is not there at all; what it says of a directory is not meant. */
const isMissing = (code: number): boolean => code === ENOSYS || code === EPERM;

/** A walk of single steps, for kernels without openat2. Throws SystemError. */
function walk(names: readonly string[], path: string): number {
  let fd = openat(AT_FDCWD, asName('/'), WAY, 0);
  if (fd === -1) fail('open', '/');
  for (const name of names) {
    const next = openat(fd, asName(name), WAY, 0);
    const why = errno();
    close(fd);
    if (next === -1) throw new SystemError('open', why, path);
    fd = next;
  }
  return fd;
}

/**
 * Opens the directory of an absolute path in which no component is a link, as realpath(3) returns it; one that has become
 * a link since is refused with ELOOP or ENOTDIR. The descriptor (O_PATH) is a place to start from: it needs no permission
 * to list. `how`: steps of one name each are taken anyway where openat2 is missing. Throws SystemError; TypeError for a path
 * that is not absolute or has "..".
 */
export function openDirectory(path: string, how: 'openat2' | 'steps' = 'openat2'): number {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (!path.startsWith('/') || names.includes('..')) {
    throw new TypeError(`an absolute path without ".." was expected, got ${JSON.stringify(path)}`);
  }
  if (how === 'steps') return walk(names, path);
  const root = openat(AT_FDCWD, asName('/'), WAY, 0);
  if (root === -1) fail('open', '/');
  const way = asName(names.join('/') || '.');
  const fd = openat2(root, way, WAY, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
  const why = errno();
  close(root);
  if (fd !== -1) return fd;
  if (isMissing(why)) return walk(names, path);
  throw new SystemError('openat2', why, path);
}

/**
 * Opens a directory that lies in another, for reading: no link, and nothing that is mounted there. Throws SystemError,
 * EXDEV for a mount point.
 */
export function openBelow(parent: number, name: Name, how: 'openat2' | 'steps' = 'openat2'): number {
  if (how === 'openat2') {
    const fd = openat2(parent, name, TO_READ, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
    if (fd !== -1) return fd;
    if (!isMissing(errno())) fail('openat2', shown(name));
  }
  const fd = openat(parent, name, TO_READ, 0);
  if (fd === -1) fail('openat', shown(name));
  const [above, below] = [statusOf(parent), statusOf(fd)];
  // The directory itself, by the name ".", may be a mount's root.
  if (isSameFile(above, below) || (above.device === below.device && !below.isMountRoot)) return fd;
  close(fd);
  throw new SystemError('openat', EXDEV, shown(name));
}

/** A name in a directory. `isDirectory`: null where the file system does not say. */
export interface Entry {
  readonly name: Name;
  readonly isDirectory: boolean | null;
}

const DT_UNKNOWN = 0;
const DT_DIR = 4;
const DOT = 0x2e;
const ENTRY_HEAD = 19;

const entries = Buffer.alloc(32_768);

/**
 * The names in a directory, but for "." and "..", and at most this many: a user who fills it without end does not keep us. The
 * descriptor must be open for reading; it is read from where it stands, which is the beginning if it is fresh. Throws
 * SystemError.
 */
export function entriesOf(fd: number, most = Number.POSITIVE_INFINITY): Entry[] {
  const found: Entry[] = [];
  while (found.length < most) {
    const length = getdents64(fd, entries);
    if (length === -1) fail('getdents64', `descriptor ${fd}`);
    if (length === 0) break;
    for (let at = 0; at < length && found.length < most; at += entries.readUInt16LE(at + 16)) {
      const start = at + ENTRY_HEAD;
      const end = entries.indexOf(0, start);
      const isDots =
        entries[start] === DOT && (end === start + 1 || (end === start + 2 && entries[start + 1] === DOT));
      if (isDots) continue;
      const type = entries[at + 18];
      const isDirectory = type === DT_UNKNOWN ? null : type === DT_DIR;
      found.push({ name: Buffer.from(entries.subarray(start, end + 1)) as Name, isDirectory });
    }
  }
  return found;
}
