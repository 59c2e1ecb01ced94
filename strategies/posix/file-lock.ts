/**
 * Arguments of the kernel's file locks: `struct flock` as bytes prepared once, and the commands.
 * Source: fcntl_locking(2), flock(2), <asm-generic/fcntl.h>.
 */
import { type Address, allocate } from './libc.js';

export const F_SETLK = 6;
export const F_SETLKW = 7;
const F_RDLCK = 0;
const F_WRLCK = 1;
const F_UNLCK = 2;

export const LOCK_SH = 1;
export const LOCK_EX = 2;
export const LOCK_NB = 4;
export const LOCK_UN = 8;

/**
 * `struct flock` of 64-bit Linux, 32 bytes: l_type i16 at 0, l_whence i16 at 2, l_start i64 at 8, l_len i64 at 16,
 * l_pid i32 at 24. Start 0 and length 0 mean the whole file, whatever its length becomes.
 */
function wholeFile(type: number): Address {
  const { address, bytes } = allocate(32);
  bytes[0] = type;
  return address;
}

/** A shared (read) lock on the whole file. */
export const readLock = (): Address => wholeFile(F_RDLCK);
/** An exclusive (write) lock on the whole file. */
export const writeLock = (): Address => wholeFile(F_WRLCK);
/** Removal of whatever lock this owner has anywhere in the file. */
export const unlocked = (): Address => wholeFile(F_UNLCK);
