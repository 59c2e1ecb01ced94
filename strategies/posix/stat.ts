/**
 * What a name's inode tells, asked of the server where there is one. Source: statx(2).
 */
import { ENOENT, fail } from './errno.js';
import { type Address, allocate, cPath, errno, statx } from './libc.js';

const AT_FDCWD = -100;
const AT_EMPTY_PATH = 0x1000;
// A plain stat over NFS may be answered from a cache that is seconds old.
const AT_STATX_FORCE_SYNC = 0x2000;
const STATX_NLINK = 0x4;
const STATX_CTIME = 0x80;
const STATX_INO = 0x100;
const STATX_BTIME = 0x800;

const noPath = cPath('');
const struct = allocate(256);
const words = new Uint32Array(struct.bytes.buffer, 0, struct.bytes.length / 4);
// Where the members lie in struct statx, in words of four bytes: stx_mask, stx_nlink, stx_ino (two words), stx_btime
// and stx_ctime (tv_sec, of which the low word is enough until 2106, and tv_nsec), stx_dev_major and stx_dev_minor.
const MASK = 0;
const NLINK = 4;
const INO = 8;
const BTIME = 20;
const CTIME = 24;
const DEVICE = 34;

/** False if there is no such name. */
function look(path: Address, mask: number, subject: string): boolean {
  if (statx(AT_FDCWD, path, AT_STATX_FORCE_SYNC, mask, struct.address) === 0) return true;
  if (errno() !== ENOENT) fail('statx', subject);
  return false;
}

/** How many names the file has. Throws SystemError. */
export function statLinks(path: Address, subject: string): number {
  if (!look(path, STATX_NLINK, subject)) fail('statx', subject);
  return words[NLINK] as number;
}

/** Whether the name is there. Throws SystemError. */
export const exists = (path: Address, subject: string): boolean => look(path, STATX_NLINK, subject);

/** An inode and when it was last changed: two looks at a name that agree in both saw the same file, left alone since. */
export type Change = Uint32Array;

export const noChange = (): Change => new Uint32Array(4);

function keep(into: Change): void {
  into[0] = words[INO] as number;
  into[1] = words[INO + 1] as number;
  into[2] = words[CTIME] as number;
  into[3] = words[CTIME + 2] as number;
}

/** Looks at a name; false if it is not there, `into` being as it was. Throws SystemError. */
export function lookAtChange(path: Address, into: Change, subject: string): boolean {
  if (!look(path, STATX_INO | STATX_CTIME, subject)) return false;
  keep(into);
  return true;
}

/** Looks at the file that a descriptor is open on, whatever its name is by now. Throws SystemError. */
export function lookAtOpened(fd: number, into: Change, subject: string): void {
  const flags = AT_EMPTY_PATH | AT_STATX_FORCE_SYNC;
  if (statx(fd, noPath, flags, STATX_INO | STATX_CTIME, struct.address) === -1) fail('statx', subject);
  keep(into);
}

export const isSameChange = (a: Change, b: Change): boolean =>
  a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];

/**
 * Which file a descriptor is open on: the same text for every name, link and mount by which it can be reached on this
 * machine, and another for the file that gets its inode once it is gone, where the file system keeps the time of its birth.
 * Throws SystemError.
 */
export function identityOf(fd: number): string {
  if (statx(fd, noPath, AT_EMPTY_PATH, STATX_INO | STATX_BTIME, struct.address) === -1) {
    fail('statx', `descriptor ${fd}`);
  }
  const born = ((words[MASK] as number) & STATX_BTIME) === 0 ? [] : [words[BTIME], words[BTIME + 2]];
  return [words[DEVICE], words[DEVICE + 1], words[INO], words[INO + 1], ...born].join('.');
}
