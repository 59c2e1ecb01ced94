/**
 * Where all starts of one daemon meet: what a strategy needs, derived from the pid file's path alone, so that it is the
 * same for each of them.
 */
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { LockSite } from '../../strategies/strategy.js';

/** For a strategy that is given no file: it locks elsewhere. */
export const NO_FILE = -1;

const TOKEN_DIGITS = 16;

/** `path`: absolute, without symbolic links. Files stand beside the pid file and begin with its name. */
export function siteOf(path: string, fd: number): LockSite {
  const digest = createHash('sha256').update(path).digest('hex').slice(0, TOKEN_DIGITS);
  return {
    dir: dirname(path),
    token: `lockbench.onedaemon.${digest}`,
    workers: 1,
    workerIndex: 0,
    fd,
    path: (name) => `${path}.${name}`,
  };
}
