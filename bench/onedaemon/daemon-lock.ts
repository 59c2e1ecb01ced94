/**
 * The lock of a daemon: one try, and then held until it is released or its process dies. How to lock is a strategy's
 * business; what a daemon adds is the pid file.
 */

import { closeSync, rmSync } from 'node:fs';
import { loadStrategy } from '../../strategies/index.js';
import { SystemError } from '../../strategies/posix/errno.js';
import type { Lock, LockSite, Strategy, SyncStrategy } from '../../strategies/strategy.js';
import { UsageError } from '../base/usage-error.js';
import { fileSystemOf } from '../machine/file-system.js';
import type { Mount } from '../machine/mount.js';
import { fileSystemName, isNetworkFileSystem } from '../machine/mount-description.js';
import { NO_FILE, siteOf } from './daemon-site.js';
import { holderNamed, refusalOf } from './holder.js';
import {
  emptyPidFile,
  examinePidFile,
  openPidFile,
  readOpenPidFile,
  readPidFile,
  writePid,
} from './pid-file.js';
import { type Way, type WayName, wayOf } from './ways.js';

export interface DaemonLock {
  /** The pid file's descriptor: who inherits it has the lock, too, if it is one that can be inherited. */
  readonly fd: number;
  writePid(pid: number): void;
  /** In order: no pid stands in the file afterwards. */
  release(): void;
}

/** The lock; or, if another has it, the sentence about that. */
export type Attempt =
  | { readonly got: true; readonly lock: DaemonLock }
  | { readonly got: false; readonly refusal: string };

export interface LockRequest {
  readonly pidFile: string;
  readonly way: WayName;
  /** A child will have the lock as well, and keep it when we release it. */
  readonly inherit: boolean;
}

async function strategyOf(name: WayName): Promise<SyncStrategy> {
  const strategy = await loadStrategy(name);
  if (strategy.calls === 'synchronous') return strategy;
  throw new Error(`${name} was expected to lock by synchronous calls`);
}

/** One try; null if another has the lock. What a strategy prepares, the first of all starts makes. Throws UsageError. */
function take(strategy: SyncStrategy, site: LockSite, needs: string): Lock | null {
  try {
    try {
      strategy.prepare?.(site);
    } catch (error) {
      if (!(error instanceof SystemError && error.code === 'EEXIST')) throw error;
    }
    const lock = strategy.open(site);
    lock.beginAcquire?.();
    if (lock.tryLock?.() === true) return lock;
    lock.close();
    return null;
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw new UsageError(
      `--by ${strategy.name}: it needs ${needs}, and was refused: ${error.message}`,
      'name another way',
    );
  }
}

/**
 * After the command has ended, others may have inherited the lock and go on: then it is theirs, and the file stays as it
 * is. We let go of it, and look by a lock of our own.
 */
function releaseInherited(strategy: SyncStrategy, path: string, fd: number, needs: string): void {
  closeSync(fd);
  const own = openPidFile(path);
  if (take(strategy, siteOf(path, own), needs) !== null) emptyPidFile(own);
  closeSync(own);
}

/** The lock; or the pid of who has it, if one is to be read. */
type Took = { readonly lock: DaemonLock } | { readonly lock: null; readonly pid: number | null };

/** A lock that lies on the file, which stays for ever: who opened it before it was removed would lock another than we. */
function lockItself(strategy: SyncStrategy, path: string, inherit: boolean, needs: string): Took {
  const fd = openPidFile(path);
  const lock = take(strategy, siteOf(path, fd), needs);
  if (lock === null) return { lock: null, pid: readOpenPidFile(fd) };
  const release = (): void => {
    emptyPidFile(fd);
    lock.unlock();
    closeSync(fd);
  };
  return {
    lock: {
      fd,
      writePid: (pid) => writePid(fd, pid),
      // Unlocking would take the lock from those, too, who have inherited it.
      release: inherit ? () => releaseInherited(strategy, path, fd, needs) : release,
    },
  };
}

/** A lock that lies elsewhere: the file is for whoever wants to know, and goes with its writer. */
function lockBeside(strategy: SyncStrategy, path: string, { needs, tidy }: Way): Took {
  const site = siteOf(path, NO_FILE);
  const lock = take(strategy, site, needs);
  if (lock === null) return { lock: null, pid: readPidFile(path) };
  let fd: number;
  try {
    tidy?.(site);
    fd = openPidFile(path);
  } catch (error) {
    // A flag would stay set.
    lock.unlock();
    lock.close();
    throw error;
  }
  return {
    lock: {
      fd,
      writePid: (pid) => writePid(fd, pid),
      release() {
        // While nobody else can have the lock, and a file of the same name.
        rmSync(path, { force: true });
        closeSync(fd);
        lock.unlock();
        lock.close();
      },
    },
  };
}

/** Who names a file that hosts share means to be alone on all of them. Throws UsageError for a lock of this host. */
export function requireReach({ name, claims }: Strategy, pidFile: string, mount: Mount): void {
  if (claims.excludesAcrossNfs !== 'not applicable') return;
  throw new UsageError(
    `--by ${name}: a pid file of this host alone was expected, ${JSON.stringify(pidFile)} is on ${fileSystemName(mount)}`,
    'other hosts would not be kept out: name one below /run, or use --by fcntl',
  );
}

/** Throws UsageError. */
export async function lockPidFile({ pidFile, way: name, inherit }: LockRequest): Promise<Attempt> {
  const way = wayOf(name);
  const strategy = await strategyOf(name);
  const path = examinePidFile(pidFile);
  const mount = fileSystemOf(path);
  const shared = mount !== null && isNetworkFileSystem(mount);
  if (shared) requireReach(strategy, pidFile, mount);
  const took = way.locksPidFile
    ? lockItself(strategy, path, inherit, way.needs)
    : lockBeside(strategy, path, way);
  if (took.lock !== null) return { got: true, lock: took.lock };
  const holder = holderNamed(took.pid, shared);
  const staysOfTheDead = strategy.claims.holderDies === 'stuck';
  const hint = way.hint(siteOf(path, NO_FILE), pidFile);
  return { got: false, refusal: refusalOf(pidFile, holder, staysOfTheDead, hint) };
}
