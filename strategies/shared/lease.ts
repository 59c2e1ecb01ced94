/**
 * A lease on a name: its holder has it for so long and no longer, unless it is renewed. What is looked at is the inode
 * and its last change (ctime), which the file system's own clock tells and nobody can set; so hosts need not agree on
 * the time. The modification time would not do: over NFSv3 an exclusive create puts a random number there at first.
 * Source: statx(2), utimensat(2).
 */

import { fail } from '../posix/errno.js';
import { type Address, utimensat } from '../posix/libc.js';
import * as stat from '../posix/stat.js';
import type { Guard } from './guard.js';

/** Far longer than the turns of a benchmark, far shorter than anybody's patience. */
export const LEASE_NS = 500e6;

const AT_FDCWD = -100;
const MS = 1e6;

export interface Lease {
  /** Ours is the file that `fd` is open on: by now the name may be another's. Throws SystemError, as all others do. */
  beginWith(fd: number): void;
  /** Ours is the file that has the name now; to be asked inside of the guard. */
  begin(): void;
  /** By our own clock, which may be wrong: whether it is worth entering the guard. */
  mayHaveRunOut(): boolean;
  /** By the file system's clock; to be asked inside of the guard, so that nobody renews it meanwhile. */
  hasRunOut(): boolean;
  /** Throws Error unless the name is still ours; to be asked inside of the guard. */
  mustBeOurs(): void;
  /** Sets the time of the last change to now, and begins anew; inside of the guard. */
  renew(): void;
}

export function leaseOn(name: Address, path: string, guard: Guard): Lease {
  const { changedAtNs, isSameChange, lookAtChange, lookAtOpened, noChange } = stat;
  const ours = noChange();
  const there = noChange();
  const present = noChange();
  const touch = (what: Address, subject: string): void => {
    if (utimensat(AT_FDCWD, what, 0, 0) === -1) fail('utimensat', subject);
  };
  const begin = (): void => {
    // Removed by somebody who tidies up: then the lease is nobody's.
    if (!lookAtChange(name, ours, path)) ours.fill(0);
  };
  return {
    beginWith: (fd) => lookAtOpened(fd, ours, path),
    begin,
    mayHaveRunOut: () => lookAtChange(name, there, path) && Date.now() * MS - changedAtNs(there) > LEASE_NS,
    hasRunOut() {
      touch(guard.name, guard.path);
      return (
        lookAtChange(guard.name, present, guard.path) &&
        lookAtChange(name, there, path) &&
        changedAtNs(present) - changedAtNs(there) > LEASE_NS
      );
    },
    mustBeOurs() {
      if (lookAtChange(name, there, path) && isSameChange(there, ours)) return;
      throw new Error(
        `the lock is ours no more: its lease of ${LEASE_NS / MS} ms ran out, or somebody removed it; two may have held it (${path})`,
      );
    },
    renew() {
      touch(name, path);
      begin();
    },
  };
}
