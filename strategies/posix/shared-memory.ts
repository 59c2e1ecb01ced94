/**
 * Memory that several processes map, seen from TypeScript as an Int32Array. `Atomics` on it are true atomic
 * instructions between processes although the buffer is no SharedArrayBuffer; only `Atomics.wait` refuses, and
 * futex.ts stands in for it. A mapping that has a view is never undone: the garbage collector may look at a view at any
 * time, and would then read memory that is gone, or another's. The process's end unmaps. So what a process maps once a
 * round it either maps without a view (`withNamed`), or uses again in the next round (control-block.ts).
 */
import { constants, writeSync } from 'node:fs';
import koffi from 'koffi';
import { O_CLOEXEC } from './at.js';
import { check, EINTR, fail, SystemError } from './errno.js';
import { statusOf } from './file-status.js';
import {
  type Address,
  briefly,
  close,
  cPath,
  ftruncate,
  linkat,
  MAP_32BIT,
  memfdCreate,
  mmap,
  munmap,
  open,
  posixFallocate,
  unlink,
} from './libc.js';

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const MAP_FAILED = -1;
const MFD_CLOEXEC = 1;

/** A mapping: where it lies, for futex calls, and its bytes. */
export interface Mapping {
  readonly address: Address;
  readonly buffer: ArrayBuffer;
}

function mapped(fd: number, length: number, where: number): Address {
  const address = Number(mmap(0, length, PROT_READ_WRITE, MAP_SHARED | where, fd, 0));
  if (address === MAP_FAILED) fail('mmap', `${length} bytes of descriptor ${fd}`);
  return address as Address;
}

/** Maps `length` bytes of a descriptor, shared, from its beginning. `where`: further flags. Throws SystemError. */
export function map(fd: number, length: number, where = 0): Mapping {
  const address = mapped(fd, length, where);
  return { address, buffer: koffi.view(BigInt(address), length) };
}

/** Anonymous memory with a descriptor, gone with the last process that has it. Source: memfd_create(2). */
export function createMemfd(name: string, length: number): number {
  const fd = check(
    briefly(() => memfdCreate(cPath(name), MFD_CLOEXEC)),
    'memfd_create',
    name,
  );
  check(ftruncate(fd, length), 'ftruncate', `memfd ${name}, ${length} bytes`);
  return fd;
}

// What shm_open(3) does, without needing librt on older C libraries.
const MEMORY = '/dev/shm';

/** Where named shared memory lies. */
export const shmPath = (name: string): string => `${MEMORY}/${name}`;

// Not among Node's constants, as its directory's flag is a part of it.
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;
const AT_FDCWD = -100;
const AT_SYMLINK_FOLLOW = 0x400;

/**
 * Gives a file its length, with memory behind every byte of it: a length alone is granted on a full file system, too, and
 * a process that writes there is killed by SIGBUS. Throws SystemError, ENOSPC if there is too little.
 */
function reserve(fd: number, length: number, path: string): void {
  // A name alone needs none, and the call refuses to reserve nothing.
  if (length === 0) return;
  let code: number;
  do code = posixFallocate(fd, 0, length);
  while (code === EINTR);
  if (code !== 0) throw new SystemError('posix_fallocate', code, `${path}, ${length} bytes`);
}

/**
 * Makes named shared memory of zeros, for this user alone. It gets its name when it has its length: another process that
 * mapped it before would be killed by SIGBUS at its first look. `text`: what it begins with, instead of zeros; no longer than
 * it. Throws SystemError, EEXIST and ENOSPC included.
 */
export function createNamed(name: string, length: number, text = ''): void {
  briefly(() => {
    const path = shmPath(name);
    const fd = check(open(cPath(MEMORY), O_TMPFILE | constants.O_RDWR, 0o600), 'open', MEMORY);
    try {
      reserve(fd, length, path);
      if (text !== '') writeSync(fd, text);
      const nameless = cPath(`/proc/self/fd/${fd}`);
      check(linkat(AT_FDCWD, nameless, AT_FDCWD, cPath(path), AT_SYMLINK_FOLLOW), 'linkat', path);
    } finally {
      close(fd);
    }
  });
}

/** Nothing is waited for, no link followed, and no child inherits it. */
const TO_MAP =
  constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY | O_CLOEXEC;
const OF_OTHERS = 0o077;

/**
 * Anybody may put something under a name of /dev/shm. Memory that another user may change is no memory of ours, and a file
 * that is shorter than its mapping kills by SIGBUS who looks behind its end. Throws an Error for both.
 */
function requireOurs(fd: number, length: number, path: string): void {
  const { kind, uid, mode, size } = statusOf(fd);
  const us = process.geteuid?.();
  if (kind === 'regular file' && uid === us && (mode & OF_OTHERS) === 0 && size === length) return;
  const found = `${kind} of ${size} bytes, mode ${mode.toString(8)}, uid ${uid}`;
  throw new Error(
    `${path}: shared memory of ${length} bytes, mode 600, uid ${us} was expected, got ${found}`,
  );
}

/** Throws SystemError (ELOOP for a link), or an Error if what has this name is not ours. */
function openedNamed<T>(name: string, length: number, use: (fd: number) => T): T {
  const path = shmPath(name);
  const fd = check(
    briefly(() => open(cPath(path), TO_MAP, 0)),
    'open',
    path,
  );
  try {
    requireOurs(fd, length, path);
    return use(fd);
  } finally {
    close(fd);
  }
}

/**
 * Maps named shared memory that `createNamed` made for this user with this length, at a low address: calls that get it are
 * cheaper (libc.ts). Throws SystemError (ELOOP for a link), or an Error if what has this name is not ours.
 */
export const openNamed = (name: string, length: number): Mapping =>
  openedNamed(name, length, (fd) => map(fd, length, MAP_32BIT));

/** Maps it for as long as `use` lasts, which is given its address and nothing that outlives the mapping. Throws likewise. */
export function withNamed(name: string, length: number, use: (address: Address) => void): void {
  openedNamed(name, length, (fd) => {
    const address = mapped(fd, length, 0);
    try {
      use(address);
    } finally {
      check(munmap(address, length), 'munmap', name);
    }
  });
}

/** Removes the name; nothing happens if it is not there. Processes that mapped it keep their memory. */
export function removeNamed(name: string): void {
  briefly(() => unlink(cPath(shmPath(name))));
}
