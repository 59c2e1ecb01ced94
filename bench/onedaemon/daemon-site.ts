/**
 * Where all starts of one daemon meet: what a strategy needs, derived from the pid file that was opened, and not from the
 * path by which it was: links, mounts and other names lead to the same file, and so to the same lock.
 */
import { createHash } from 'node:crypto';
import { closeSync, constants, openSync } from 'node:fs';
import { identityOf } from '../../strategies/posix/stat.js';
import type { LockSite } from '../../strategies/strategy.js';
import type { PidFile } from './open-pid-file.js';

const TOKEN_DIGITS = 16;

/** Names what does not stand beside the file. Throws SystemError. */
export function tokenOf(fd: number): string {
  const digest = createHash('sha256').update(identityOf(fd)).digest('hex').slice(0, TOKEN_DIGITS);
  return `lockbench.onedaemon.${digest}`;
}

/** The same for a caller that has not opened it. Throws what opening it throws. */
export function tokenAt(path: string): string {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    return tokenOf(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * Files stand beside the pid file and begin with its name. They are looked up from the directory's descriptor: a user who
 * renames the directories above it changes nothing.
 */
export function siteOf({ fd, directory, name: pidFile }: PidFile): LockSite {
  const dir = `/proc/self/fd/${directory}`;
  return {
    dir,
    token: tokenOf(fd),
    workers: 1,
    workerIndex: 0,
    fd,
    path: (name) => `${dir}/${pidFile}.${name}`,
  };
}
