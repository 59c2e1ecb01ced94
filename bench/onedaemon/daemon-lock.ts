/**
 * The lock of a daemon: one try, and then held until it is released or its process dies. How to lock is a strategy's
 * business; what a daemon adds is the pid file.
 */
import { closeSync, readlinkSync, realpathSync } from 'node:fs';
import { loadToUse } from '../../strategies/index.js';
import { leaveToTheKernel } from '../../strategies/posix/own-process.js';
import type { Lock, Strategy, SyncStrategy } from '../../strategies/strategy.js';
import { UsageError } from '../base/usage-error.js';
import { fileSystemOf } from '../machine/file-system.js';
import type { Mount } from '../machine/mount.js';
import { fileSystemName, isNetworkFileSystem } from '../machine/mount-description.js';
import { siteOf, tokenOf } from './daemon-site.js';
import { holderOfFile, openToLock } from './foreign-file.js';
import { refusalOf } from './holder.js';
import { closePidFile, isInPlace, openAgain, type PidFile } from './open-pid-file.js';
import { emptyPidFile, writePid } from './pid-file.js';
import { beWitness, dropWitness } from './record-witness.js';
import { PASSED_ON } from './signals.js';
import { takeLock } from './take-lock.js';
import { type Step, tryAll } from './tried-steps.js';
import { type Way, wayOf } from './ways.js';

export interface DaemonLock {
  /** The pid file's descriptor: who inherits it has the lock, too, if it is one that can be inherited. */
  readonly fd: number;
  /** As it was named. */
  readonly pidFile: string;
  /** Throws Error. */
  writePid(pid: number): void;
  /** In order: no pid stands in the file afterwards. What could not be done, a line each; everything else is done nevertheless. */
  release(): readonly string[];
}

/** The lock; or, if another has it, the sentence about that. */
export type Attempt =
  | { readonly got: true; readonly lock: DaemonLock }
  | { readonly got: false; readonly refusal: string };

export interface LockRequest {
  readonly pidFile: string;
  /** A way, or the name of a lock from outside. */
  readonly way: string;
  /** A child will have the lock as well, and keep it when we release it. */
  readonly inherit: boolean;
}

async function strategyOf(name: string): Promise<SyncStrategy> {
  const strategy = await loadToUse(name);
  if (strategy.calls === 'synchronous') return strategy;
  throw new Error(`${name} was expected to lock by synchronous calls`);
}

/** Whether its lock stays held when its process is killed. */
export const staysOfTheDead = async (way: string): Promise<boolean> =>
  (await strategyOf(way)).claims.holderDies === 'stuck';

/**
 * After the command has ended, others may have inherited the lock and go on: then it is theirs, and the file stays as it
 * is. We let go of it, and look by a lock of our own.
 */
function emptyUnlessInherited(strategy: SyncStrategy, file: PidFile, way: Way): void {
  let own: number;
  try {
    own = openAgain(file);
  } finally {
    closeSync(file.fd);
  }
  try {
    if (takeLock(strategy, siteOf({ ...file, fd: own }), way) !== null) emptyPidFile(own);
  } finally {
    closeSync(own);
    closeSync(file.directory);
  }
}

interface Taken {
  readonly lock: Lock;
  /** What went wrong, and does not matter to the lock. */
  readonly problems: readonly string[];
}

/** The lock of the way, and the witness; null if another has one of them. Throws UsageError. */
function takeBoth(strategy: SyncStrategy, file: PidFile, way: Way, shared: boolean): Taken | null {
  const site = siteOf(file);
  const lock = takeLock(strategy, site, way);
  if (lock === null) return null;
  try {
    if (isInPlace(file) && (shared || beWitness(file.fd))) {
      const left = 'what earlier starts left could not be removed';
      return { lock, problems: tryAll([[left, () => way.tidy?.(site)]]) };
    }
  } catch (error) {
    // A flag would stay set.
    tryAll([['', () => lock.unlock()]]);
    throw error;
  }
  lock.unlock();
  lock.close();
  return null;
}

/**
 * The file stays for ever, also where the lock lies elsewhere: who opened it before it was removed would lock another than
 * we, and a link to it, or a mount of it, would lead nowhere.
 */
function asDaemonLock(
  { lock, problems }: Taken,
  file: PidFile,
  strategy: SyncStrategy,
  { pidFile, inherit, way }: LockRequest,
  shared: boolean,
): DaemonLock {
  const emptied = `the pid could not be removed from ${pidFile}`;
  const released = `the lock of ${pidFile} could not be released`;
  const releaseOwn: readonly Step[] = [
    // Only a holder may: once it is unlocked, the pid is the next one's.
    [emptied, () => emptyPidFile(file.fd)],
    // Before the lock itself: who has that shall not find the witness held.
    [released, () => shared || dropWitness(file.fd)],
    [released, () => lock.unlock()],
    [released, () => lock.close()],
    [released, () => closePidFile(file)],
  ];
  // Unlocking would take the lock from those, too, who have inherited it.
  const releaseInherited: readonly Step[] = [
    [emptied, () => emptyUnlessInherited(strategy, file, wayOf(way))],
  ];
  return {
    fd: file.fd,
    pidFile,
    writePid: (pid) => writePid(file.fd, pid),
    release() {
      // Of a server that does not answer, as in the beginning. Elsewhere a signal that comes now is too late to tell.
      if (shared) leaveToTheKernel(PASSED_ON);
      return [...problems, ...tryAll(inherit ? releaseInherited : releaseOwn)];
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

/** Where a file is, links followed, for people and for the table of mounts. */
const pathOf = ({ fd }: PidFile, named: string): string => {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return realpathSync(named);
  }
};

/** Null where there is no table of mounts. */
function mountOf(path: string): Mount | null {
  try {
    return fileSystemOf(path);
  } catch {
    return null;
  }
}

/** A process that removes the file each time after it was opened, and before it is locked, does so on purpose. */
const TRIES = 100;

/** Throws UsageError. */
export async function lockPidFile(request: LockRequest): Promise<Attempt> {
  const { pidFile } = request;
  const way = wayOf(request.way);
  const strategy = await strategyOf(request.way);
  for (let left = TRIES; left > 0; left--) {
    const file = openToLock(pidFile);
    const path = pathOf(file, pidFile);
    const mount = mountOf(path);
    const shared = mount !== null && isNetworkFileSystem(mount);
    if (shared) requireReach(strategy, pidFile, mount);
    const taken = takeBoth(strategy, file, way, shared);
    if (taken !== null) return { got: true, lock: asDaemonLock(taken, file, strategy, request, shared) };
    const holder = holderOfFile(file, shared);
    const isStillThere = isInPlace(file);
    const hint = way.hint({ pidFile, path, token: tokenOf(file.fd) });
    closePidFile(file);
    // Removed since it was opened, and what is held is of no use to anybody: once more, with the file that is there now.
    if (!isStillThere) continue;
    return { got: false, refusal: refusalOf(pidFile, holder, await staysOfTheDead(request.way), hint) };
  }
  throw new UsageError(
    `--pidfile: a file that stays was expected, ${JSON.stringify(pidFile)} was removed ${TRIES} times before it was locked`,
    'another program removes it: name another place',
  );
}
