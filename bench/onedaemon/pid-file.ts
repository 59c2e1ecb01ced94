/**
 * What stands in a pid file: one line, the pid of the process that holds the lock. It is opened without O_TRUNC, since who opens it
 * does not hold the lock yet, and would empty the file of one who does. All is done by one descriptor: closing another of the
 * same file would drop a record lock.
 */
import { ftruncateSync, readSync, writeSync } from 'node:fs';

/** More than a few pids have digits, and blanks around them. */
const LONGEST = 128;
/** The largest that Linux gives (PID_MAX_LIMIT of 64-bit kernels). Source: proc_sys_kernel(5), pid_max. */
const LARGEST_PID = 2 ** 22;

/** Digits, blanks and ends of lines, and nothing else. */
const PIDS = /^[\d \t\r\n]*$/;

/** All of a text's numbers, if it is a pid file's: null for anything else. An empty one is of a holder that has just begun,
 * or one that ended in order. */
function pidsIn(text: string): number[] | null {
  if (!PIDS.test(text)) return null;
  const pids = text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(Number);
  return pids.every((pid) => pid > 0 && pid <= LARGEST_PID) ? pids : null;
}

/** The pid in a text, the first if there are several; null if there is none. */
export const pidIn = (text: string): number | null => pidsIn(text)?.[0] ?? null;

/** All of it, or more than a pid file holds. */
function textOf(fd: number): string {
  const bytes = Buffer.alloc(LONGEST + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < bytes.length; length += read) {
    read = readSync(fd, bytes, length, bytes.length - length, length);
  }
  return bytes.toString('latin1', 0, length);
}

/** Whether it is empty, or a pid file from its beginning to its end: only then may it be overwritten. */
export function holdsOnlyPids(fd: number): boolean {
  const text = textOf(fd);
  return text.length <= LONGEST && pidsIn(text) !== null;
}

export const readPid = (fd: number): number | null => pidIn(textOf(fd));

/** Only for the holder of the lock. */
export function emptyPidFile(fd: number): void {
  if (!holdsOnlyPids(fd))
    throw new Error('a pid was expected in it, another program has written something else');
  ftruncateSync(fd);
}

/**
 * Only for the holder of the lock. The last pid may have had more digits: what it had more would stay. Throws what the
 * system throws; then nothing stands there, since the beginning of a number is another process's.
 */
export function writePid(fd: number, pid: number): void {
  emptyPidFile(fd);
  const bytes = Buffer.from(`${pid}\n`);
  try {
    // A disk that becomes full takes a part.
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, at);
  } catch (error) {
    ftruncateSync(fd);
    throw error;
  }
}
