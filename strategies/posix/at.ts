/**
 * Calls that start from a directory's descriptor instead of the root: what a name means to them cannot be changed by who
 * renames the directories above it. Names come as bytes, as the kernel gives them: a file's name need not be UTF-8.
 * For set-up and clearing away, outside of measured loops. Source: openat(2), openat2(2), getdents64(2).
 */
import { arch } from 'node:process';
import { libc } from './libc.js';

/** A name or a path of bytes without NUL, closed by one (see `asName`). */
export type Name = Buffer & { readonly [isName]: true };
declare const isName: unique symbol;

/** Throws TypeError for a NUL in it: the kernel would read a shorter name. */
export function asName(name: string | Buffer): Name {
  const bytes = typeof name === 'string' ? Buffer.from(name) : name;
  if (bytes.includes(0)) {
    throw new TypeError(`a name without NUL was expected, got ${JSON.stringify(bytes.toString('latin1'))}`);
  }
  return Buffer.concat([bytes, Buffer.of(0)]) as Name;
}

/** Names are looked up from the working directory. */
export const AT_FDCWD = -100;
export const AT_REMOVEDIR = 0x200;
/** Not among Node's constants: the same on all machines that Node runs on. */
export const O_PATH = 0o10000000;
export const O_CLOEXEC = 0o2000000;

/** openat(2): a descriptor, or -1. */
export const openat: (dirfd: number, name: Name, flags: number, mode: number) => number = libc.func(
  'int openat(int dirfd, const uint8_t *name, int flags, unsigned int mode)',
);
export const mkdirat: (dirfd: number, name: Name, mode: number) => number = libc.func(
  'int mkdirat(int dirfd, const uint8_t *name, unsigned int mode)',
);
/** unlinkat(2): rmdir if `flags` is AT_REMOVEDIR. */
export const unlinkat: (dirfd: number, name: Name, flags: number) => number = libc.func(
  'int unlinkat(int dirfd, const uint8_t *name, int flags)',
);
/** renameat(2): a file that has the name `to` loses it in the same instant. */
export const renameat: (fromDir: number, from: Name, toDir: number, to: Name) => number = libc.func(
  'int renameat(int fromDir, const uint8_t *from, int toDir, const uint8_t *to)',
);
export const statxAt: (dirfd: number, name: Name, flags: number, mask: number, into: Buffer) => number =
  libc.func('int statx(int dirfd, const uint8_t *name, int flags, unsigned int mask, uint8_t *into)');

// The C library has no openat2, and older ones no getdents64 and renameat2: all are called by number.
const SYS_GETDENTS64 = arch === 'x64' ? 217 : 61;
const SYS_OPENAT2 = 437;
const SYS_RENAMEAT2 = arch === 'x64' ? 316 : 276;
const RENAME_NOREPLACE = 1;
const renameat2: (
  number: number,
  fromDir: number,
  from: Name,
  toDir: number,
  to: Name,
  flags: number,
) => number = libc.func(
  'long syscall(long number, int fromDir, const uint8_t *from, int toDir, const uint8_t *to, unsigned int flags)',
);
/** renameat2(2) within a directory: -1 with EEXIST if the name `to` is taken, EINVAL on some file systems. */
export const renameWithin = (directory: number, from: Name, to: Name): number =>
  renameat2(SYS_RENAMEAT2, directory, from, directory, to, RENAME_NOREPLACE);
const getdents: (number: number, fd: number, into: Buffer, size: number) => number = libc.func(
  'long syscall(long number, int fd, uint8_t *into, size_t size)',
);
/** getdents64(2): bytes of `struct linux_dirent64`, 0 at the end, or -1. */
export const getdents64 = (fd: number, into: Buffer): number =>
  getdents(SYS_GETDENTS64, fd, into, into.length);

const openat2Call: (number: number, dirfd: number, name: Name, how: Buffer, size: number) => number =
  libc.func('long syscall(long number, int dirfd, const uint8_t *name, uint8_t *how, size_t size)');

/** Which ways of leaving the directory openat2(2) refuses: another mount, any link, and whatever lies not beneath it. */
export const RESOLVE_NO_XDEV = 0x01;
export const RESOLVE_NO_SYMLINKS = 0x04;
export const RESOLVE_BENEATH = 0x08;

const how = Buffer.alloc(24);

/** openat2(2) of what is there already: a descriptor, or -1; ENOSYS before Linux 5.6, EPERM where a container forbids it. */
export function openat2(dirfd: number, name: Name, flags: number, resolve: number): number {
  how.writeBigUInt64LE(BigInt(flags), 0);
  how.writeBigUInt64LE(BigInt(resolve), 16);
  return openat2Call(SYS_OPENAT2, dirfd, name, how, how.length);
}
