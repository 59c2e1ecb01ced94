/**
 * A process's own file, in which stands who it is, to be given the agreed name of a lock; and what stands in the file
 * that has that name now.
 */
import { constants, writeFileSync } from 'node:fs';
import { ENOENT, fail } from '../posix/errno.js';
import { type Address, allocate, close, cPath, errno, open, pread } from '../posix/libc.js';
import { uniqueName } from '../posix/process-identity.js';
import type { LockSite } from '../strategy.js';

const ROOM = 128;
/** No link is followed, and a named pipe that somebody put there is not waited for. */
const AS_IT_IS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** What a file said when it was read last. Made once, so that reading allocates nothing. */
export class Content {
  readonly #memory = allocate(ROOM);
  length = 0;

  get bytes(): Uint8Array {
    return this.#memory.bytes;
  }

  /** Reads a file; false if there is none. Throws SystemError. */
  read(name: Address, path: string): boolean {
    const fd = open(name, AS_IT_IS, 0);
    if (fd === -1) {
      if (errno() !== ENOENT) fail('open', path);
      return false;
    }
    this.length = pread(fd, this.#memory.address, ROOM, 0);
    if (this.length === -1) fail('pread', path);
    if (close(fd) === -1) fail('close', path);
    return true;
  }

  equals({ bytes, length }: Content): boolean {
    if (length !== this.length) return false;
    for (let i = 0; i < length; i++) if (bytes[i] !== this.bytes[i]) return false;
    return true;
  }
}

/** Makes a file of a name that no other process has, with that name in it. Throws what the file system throws. */
export function makeOwnFile(site: LockSite): { path: string; name: Address; content: Content } {
  const unique = uniqueName();
  const path = site.path(`own.${unique}`);
  const name = cPath(path);
  writeFileSync(path, unique, { flag: 'wx', mode: 0o644 });
  const content = new Content();
  content.read(name, path);
  return { path, name, content };
}
