/**
 * Error numbers by name, and the error that is thrown when a system call fails in a way nobody expected.
 */
import { constants } from 'node:os';
import koffi from 'koffi';
import { errno, errorText } from './libc.js';

// koffi's table has the numbers that Node's lacks (ENOLCK is in neither's error texts, EOWNERDEAD not in Node's).
const numbers: Readonly<Record<string, number>> = { ...koffi.os.errno, ...constants.errno };

function numberOf(name: string): number {
  const number = numbers[name];
  if (number === undefined) throw new Error(`this platform has no error number ${name}`);
  return number;
}

export const EACCES = numberOf('EACCES');
export const EAGAIN = numberOf('EAGAIN');
export const EADDRINUSE = numberOf('EADDRINUSE');
export const EBUSY = numberOf('EBUSY');
export const ECHILD = numberOf('ECHILD');
export const EEXIST = numberOf('EEXIST');
export const EINTR = numberOf('EINTR');
export const EINVAL = numberOf('EINVAL');
export const EIDRM = numberOf('EIDRM');
export const EISDIR = numberOf('EISDIR');
export const ELOOP = numberOf('ELOOP');
export const ENOENT = numberOf('ENOENT');
export const ENOSPC = numberOf('ENOSPC');
export const ENOSYS = numberOf('ENOSYS');
export const ENOTDIR = numberOf('ENOTDIR');
export const EOWNERDEAD = numberOf('EOWNERDEAD');
export const EPERM = numberOf('EPERM');
export const ESRCH = numberOf('ESRCH');
export const ESTALE = numberOf('ESTALE');
export const EXDEV = numberOf('EXDEV');

const names = new Map(Object.entries(numbers).map(([name, number]) => [number, name]));
// Two names share a number on Linux; this is the one that manual pages use for locks.
names.set(EAGAIN, 'EAGAIN');

/** A system call that failed: `code` is the errno's name, `errno` its number. */
export class SystemError extends Error {
  override readonly name = 'SystemError';
  readonly code: string;
  constructor(
    readonly syscall: string,
    readonly errno: number,
    readonly subject?: string,
    /** What the error means here, where the usual words would mislead. */
    meaning = errorText(errno),
  ) {
    const code = names.get(errno) ?? `errno ${errno}`;
    super(`${syscall}: ${code}: ${meaning}${subject === undefined ? '' : ` (${subject})`}`);
    this.code = code;
  }
}

/** Throws what the last failed call left in errno. `subject`: the path or descriptor it was about. */
export function fail(syscall: string, subject?: string): never {
  throw new SystemError(syscall, errno(), subject);
}

/** Passes a result through, or throws if it is -1. For set-up, outside of measured loops. */
export function check(result: number, syscall: string, subject?: string): number {
  if (result === -1) fail(syscall, subject);
  return result;
}
