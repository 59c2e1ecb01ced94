/**
 * The sequence-number file: one line of text, a decimal number, 1 at first. Taking a number reads the line, adds one
 * and writes it back: two system calls, no string, no allocation, so that the loop measures the lock.
 *
 * The number is counted up in its own digits; parsing is still done, for the ledger and as the textbook does it.
 */
import { constants } from 'node:fs';
import { check, fail } from '../../../strategies/posix/errno.js';
import * as libc from '../../../strategies/posix/libc.js';
import { quoted } from '../../base/visible.js';

export const NUMBER_NAME = 'number';
export const FIRST_NUMBER = 1;
/** A ledger keeps numbers in 31 bits. */
export const LAST_NUMBER = 2 ** 31 - 1;
/** Bytes for any number and its line break. */
export const ROOM = 24;
const ZERO = 48;
const NINE = 57;
const NEWLINE = 10;

/**
 * Takes numbers from a file. `take` returns the number taken, which is the one it wrote; `look` the number that stands
 * there, or -1 if it is not a whole line with a number.
 */
export interface NumberFile {
  take(): number;
  look(): number;
}

export function notANumber(path: string, text: string): Error {
  return new Error(`${path}: a line with a decimal number was expected, got ${quoted(text)}`);
}

const tooLarge = (path: string, value: number): Error =>
  new Error(`${path}: a number below ${LAST_NUMBER} was expected, which a ledger can hold, got ${value}`);

/** Reads the number in `fd`, adds one, writes it back. Throws SystemError, or an Error if there is no number. */
function taker(path: string): (fd: number) => number {
  const { allocate, pread, pwrite } = libc;
  const { address, bytes } = allocate(ROOM);
  return (fd) => {
    const length = pread(fd, address, ROOM, 0);
    if (length === -1) fail('pread', path);
    let value = 0;
    let end = 0;
    for (; end < length; end++) {
      const digit = (bytes[end] as number) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (end === 0) throw notANumber(path, Buffer.from(bytes.subarray(0, length)).toString('latin1'));
    if (value >= LAST_NUMBER) throw tooLarge(path, value);

    let at = end - 1;
    while (at >= 0 && bytes[at] === NINE) bytes[at--] = ZERO;
    if (at >= 0) {
      bytes[at] = (bytes[at] as number) + 1;
    } else {
      bytes[0] = ZERO + 1;
      bytes[end++] = ZERO;
    }
    bytes[end++] = NEWLINE;
    if (pwrite(fd, address, end, 0) !== end) fail('pwrite', path);
    return value + 1;
  };
}

/** Reads the number in `fd`: -1 if the line has no end or is no number, which a reader beside a writer may see. */
function looker(path: string): (fd: number) => number {
  const { allocate, pread } = libc;
  const { address, bytes } = allocate(ROOM);
  return (fd) => {
    const length = pread(fd, address, ROOM, 0);
    if (length === -1) fail('pread', path);
    let value = 0;
    for (let at = 0; at < length; at++) {
      if (bytes[at] === NEWLINE) return at === 0 ? -1 : value;
      const digit = (bytes[at] as number) - ZERO;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return -1;
  };
}

/** As the textbook does: the descriptor that the lock applies to stays open, and is the number's own. */
export function keptOpen(path: string, fd: number): NumberFile {
  const take = taker(path);
  const look = looker(path);
  return { take: () => take(fd), look: () => look(fd) };
}

/** Opened and closed on each turn, which is what makes an NFS client look at the server (close-to-open). */
export function reopened(path: string): NumberFile {
  const { close, cPath, open } = libc;
  const name = cPath(path);
  const opened = (action: (fd: number) => number) => (): number => {
    const fd = open(name, constants.O_RDWR, 0);
    if (fd === -1) fail('open', path);
    const value = action(fd);
    check(close(fd), 'close', path);
    return value;
  };
  return { take: opened(taker(path)), look: opened(looker(path)) };
}
