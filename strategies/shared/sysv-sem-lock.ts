/**
 * What `sysv-sem` and `sysv-sem-undo` share, which differ in one flag: a semaphore of System V as a mutex.
 */

import * as libc from '../posix/libc.js';
import * as sysv from '../posix/sysv-semaphore.js';
import type { Lock, LockSite, RoundDirectory } from '../strategy.js';
import { retrying } from './retrying.js';

/** The name of a place's semaphore, of which its key is made. */
export const sysvName = ({ token }: Pick<RoundDirectory, 'token'>): string => `${token}${sysv.SYSV_SUFFIX}`;

/** The semaphore itself is made by the worker that comes first, as programs do that nobody starts together. */
export const prepareSysv = (roundDirectory: RoundDirectory): void =>
  sysv.announceSemaphore(sysvName(roundDirectory));
export const destroySysv = (roundDirectory: RoundDirectory): void =>
  sysv.removeSemaphore(sysvName(roundDirectory));

/** `undo`: whether the kernel takes back what a process did when it ends. Throws SystemError. */
export function openSysv(site: LockSite, undo: boolean): Lock {
  const { semop } = libc;
  const id = sysv.openSemaphore(sysvName(site));
  const [take, tryToTake, give] = [
    sysv.operation(-1, undo, true),
    sysv.operation(-1, undo, false),
    sysv.operation(1, undo, true),
  ];
  const members = retrying({
    take: () => semop(id, take, 1),
    tryToTake: () => semop(id, tryToTake, 1),
    give: () => semop(id, give, 1),
    names: { take: 'semop', tryToTake: 'semop(IPC_NOWAIT)', give: 'semop' },
  });
  return { ...members, close() {} };
}
