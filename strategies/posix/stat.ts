/**
 * What a name's inode tells, asked of the server where there is one. Source: statx(2).
 */
import { fail } from './errno.js';
import { type Address, allocate, statx } from './libc.js';

const AT_FDCWD = -100;
// A plain stat over NFS may be answered from a cache that is seconds old.
const AT_STATX_FORCE_SYNC = 0x2000;
const STATX_NLINK = 4;
const NLINK_OFFSET = 16;

const struct = allocate(256);
const links = new Uint32Array(struct.bytes.buffer, NLINK_OFFSET, 1);

/** How many names the file has. Throws SystemError. */
export function statLinks(path: Address, subject: string): number {
  if (statx(AT_FDCWD, path, AT_STATX_FORCE_SYNC, STATX_NLINK, struct.address) === -1) fail('statx', subject);
  return links[0] as number;
}
