/**
 * Arguments of the kernel's file locks: `struct flock` as bytes prepared once, and the commands.
 * Source: fcntl_locking(2), lockf(3), flock(2), <asm-generic/fcntl.h>.
 */
import { check } from './errno.js';
import { type Address, allocate, fcntl } from './libc.js';

/** The two commands of one kind of record lock: to try, and to wait. */
export interface RecordCommands {
  readonly name: 'F_SETLK' | 'F_OFD_SETLK';
  readonly set: number;
  readonly wait: number;
}

/** Locks that belong to the process. */
export const PROCESS_OWNED: RecordCommands = { name: 'F_SETLK', set: 6, wait: 7 };
/** Locks that belong to the open file description; the kernel insists on l_pid 0, which it is. */
export const DESCRIPTION_OWNED: RecordCommands = { name: 'F_OFD_SETLK', set: 37, wait: 38 };

const F_RDLCK = 0;
const F_WRLCK = 1;
const F_UNLCK = 2;
const FLOCK_BYTES = 32;

export const LOCKF_UNLOCK = 0;
export const LOCKF_LOCK = 1;
export const LOCKF_TRY = 2;

export const LOCK_SH = 1;
export const LOCK_EX = 2;
export const LOCK_NB = 4;
export const LOCK_UN = 8;

/** Bytes of a file from `start` on; a length of 0 means all that follow, however long the file becomes. */
export interface Range {
  readonly start: number;
  readonly length: number;
}

export const WHOLE_FILE: Range = { start: 0, length: 0 };

/**
 * `struct flock` of 64-bit Linux, 32 bytes: l_type i16 at 0, l_whence i16 at 2, l_start i64 at 8, l_len i64 at 16,
 * l_pid i32 at 24.
 */
function structFlock(type: number, { start, length }: Range): Address {
  const { address, bytes } = allocate(FLOCK_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setInt16(0, type, true);
  view.setBigInt64(8, BigInt(start), true);
  view.setBigInt64(16, BigInt(length), true);
  return address;
}

/** A shared (read) lock. */
export const readLock = (range: Range): Address => structFlock(F_RDLCK, range);
/** An exclusive (write) lock. */
export const writeLock = (range: Range): Address => structFlock(F_WRLCK, range);
/** Removal of whatever this owner has locked of the range. */
export const unlocked = (range: Range): Address => structFlock(F_UNLCK, range);

const F_GETLK = 5;
const asked = allocate(FLOCK_BYTES);
const answer = new DataView(asked.bytes.buffer, asked.bytes.byteOffset, FLOCK_BYTES);

/** A record lock that keeps us from a write lock of the whole file. */
export interface RecordHolder {
  /** 0: a process that our pid namespace does not have; negative: not a process of this host, or not only one. */
  readonly pid: number;
  /** Any user who may read the file can have one of these; a write lock needs permission to write. */
  readonly isRead: boolean;
}

/** Whose record lock it is, as the kernel tells, which translates the pid into our namespace. Null if there is none.
 * Source: fcntl_locking(2). Throws SystemError. */
export function recordHolder(fd: number): RecordHolder | null {
  asked.bytes.fill(0);
  answer.setInt16(0, F_WRLCK, true);
  check(fcntl(fd, F_GETLK, asked.address), 'fcntl(F_GETLK)', `descriptor ${fd}`);
  const type = answer.getInt16(0, true);
  return type === F_UNLCK ? null : { pid: answer.getInt32(24, true), isRead: type === F_RDLCK };
}
