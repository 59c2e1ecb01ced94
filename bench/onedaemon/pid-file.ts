/**
 * The pid file: one line, the pid of whoever holds the lock. It is opened without O_TRUNC, since who opens it does not hold
 * the lock yet, and would empty the file of one who does.
 */
import {
  accessSync,
  closeSync,
  constants,
  ftruncateSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../base/usage-error.js';
import { refuse } from '../text/outputs.js';

const OPTION = '--pidfile';
/** More than any pid has digits. */
const LONGEST = 32;
const MODE = 0o644;

/** A pid and a newline; or nothing, which is a holder that has just begun, or one that ended in order. */
const PID = /^(?:(\d+)\n?)?$/;

/**
 * Looks whether this can be a pid file, before anything is locked. Returns its path without symbolic links, which is the same
 * for all who mean this file. Throws UsageError.
 */
export function examinePidFile(path: string): string {
  // To the functions of paths it would be the working directory.
  if (path === '') refuse(OPTION, path, { code: 'ENOENT' });
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) {
      const directory = realpathSync(dirname(path));
      accessSync(directory, constants.W_OK | constants.X_OK);
      return join(directory, basename(path));
    }
    if (!stats.isFile()) {
      throw new UsageError(
        `${OPTION}: a regular file was expected, ${JSON.stringify(path)} is ${stats.isDirectory() ? 'a directory' : 'none'}`,
        `name a file, such as ${join(stats.isDirectory() ? path : '/run', 'name.pid')}`,
      );
    }
    accessSync(path, constants.R_OK | constants.W_OK);
    if (!PID.test(beginningOf(path))) {
      throw new UsageError(
        `${OPTION}: an empty file or one that holds a pid was expected, ${JSON.stringify(path)} holds something else`,
        'it would be overwritten; name another, or remove it',
      );
    }
    return realpathSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    refuse(OPTION, path, error);
  }
}

/** Opens it, and makes it if it is not there. No child gets the descriptor. Throws UsageError. */
export function openPidFile(path: string): number {
  try {
    return openSync(path, constants.O_RDWR | constants.O_CREAT, MODE);
  } catch (error) {
    // In a directory such as /tmp another user's file refuses O_CREAT, even of root (fs.protected_regular).
    refuse(OPTION, path, error);
  }
}

/** The pid in a text; null if there is none. */
export function pidIn(text: string): number | null {
  const pid = Number(PID.exec(text)?.[1] ?? 0);
  return pid > 0 ? pid : null;
}

function beginningOfOpen(fd: number): string {
  const bytes = Buffer.alloc(LONGEST);
  return bytes.toString('latin1', 0, readSync(fd, bytes, 0, LONGEST, 0));
}

function beginningOf(path: string): string {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    return beginningOfOpen(fd);
  } finally {
    closeSync(fd);
  }
}

/** By its descriptor, since who closes a file drops the locks of fcntl that it has there. */
export const readOpenPidFile = (fd: number): number | null => pidIn(beginningOfOpen(fd));

/** Null also if the file is not there, or not ours to read. */
export function readPidFile(path: string): number | null {
  try {
    return pidIn(beginningOf(path));
  } catch {
    return null;
  }
}

/** Only for whoever holds the lock. */
export function emptyPidFile(fd: number): void {
  ftruncateSync(fd);
}

/** Only for whoever holds the lock. The last pid may have had more digits: what it had more would stay. */
export function writePid(fd: number, pid: number): void {
  emptyPidFile(fd);
  writeSync(fd, `${pid}\n`, 0);
}
