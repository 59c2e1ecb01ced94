/**
 * What an inode is: asked by descriptor, or by a name that is not followed if it is a link. Source: statx(2), inode(7).
 */
import { asName, type Name, statxAt } from './at.js';
import { fail } from './errno.js';

const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_EMPTY_PATH = 0x1000;
const STATX_BASIC_STATS = 0x7ff;
const STATX_ATTR_MOUNT_ROOT = 0x2000n;
const KIND_BITS = 0o170000;
const MODE_BITS = 0o7777;

const KINDS: ReadonlyMap<number, FileKind> = new Map([
  [0o010000, 'named pipe'],
  [0o020000, 'character device'],
  [0o040000, 'directory'],
  [0o060000, 'block device'],
  [0o100000, 'regular file'],
  [0o120000, 'symbolic link'],
  [0o140000, 'socket'],
]);

export type FileKind =
  | 'named pipe'
  | 'character device'
  | 'directory'
  | 'block device'
  | 'regular file'
  | 'symbolic link'
  | 'socket'
  | 'unknown kind of file';

export interface FileStatus {
  readonly kind: FileKind;
  /** Permissions, set-id and sticky bits. */
  readonly mode: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes. */
  readonly size: number;
  /** The file system, as a text that is compared with another. */
  readonly device: string;
  /** Whether something is mounted here; false where the kernel does not tell (before Linux 5.8). */
  readonly isMountRoot: boolean;
  readonly inode: bigint;
}

const struct = Buffer.alloc(256);

// Where the members of struct statx lie: stx_attributes 8, stx_nlink 16, stx_uid 20, stx_gid 24, stx_mode 28, stx_ino 32,
// stx_size 40, stx_dev_major 136, stx_dev_minor 140.
function read(): FileStatus {
  const mode = struct.readUInt16LE(28);
  return {
    kind: KINDS.get(mode & KIND_BITS) ?? 'unknown kind of file',
    mode: mode & MODE_BITS,
    links: struct.readUInt32LE(16),
    uid: struct.readUInt32LE(20),
    gid: struct.readUInt32LE(24),
    size: Number(struct.readBigUInt64LE(40)),
    device: `${struct.readUInt32LE(136)}:${struct.readUInt32LE(140)}`,
    isMountRoot: (struct.readBigUInt64LE(8) & STATX_ATTR_MOUNT_ROOT) !== 0n,
    inode: struct.readBigUInt64LE(32),
  };
}

const noName = asName('');

/** What a descriptor is open on, one of O_PATH included. Throws SystemError. */
export function statusOf(fd: number): FileStatus {
  if (statxAt(fd, noName, AT_EMPTY_PATH, STATX_BASIC_STATS, struct) === -1) fail('statx', `descriptor ${fd}`);
  return read();
}

/** What a name in a directory stands for now; a link is not followed. Throws SystemError, ENOENT included. */
export function statusAt(dirfd: number, name: Name): FileStatus {
  if (statxAt(dirfd, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, struct) === -1) {
    fail('statx', name.toString('utf8', 0, name.length - 1));
  }
  return read();
}

export const isSameFile = (a: FileStatus, b: FileStatus): boolean =>
  a.device === b.device && a.inode === b.inode;

const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;

/**
 * Whether nobody but root and us can rename what lies in a directory: it is closed to others, or sticky, as /tmp and
 * /dev/shm are.
 */
export const isSettled = ({ uid, mode }: FileStatus): boolean =>
  (uid === 0 || uid === process.geteuid?.()) && ((mode & OTHERS_WRITE) === 0 || (mode & STICKY) !== 0);
