/**
 * A lease on a name: its holder has it for so long and no longer, unless it is renewed. What is looked at is the inode and
 * its last change (ctime), which the file system's own clock tells and nobody can set. These are compared for being the
 * same, never with a time: a waiter measures by its own CLOCK_MONOTONIC how long it has seen them unchanged. So neither
 * hosts nor programs need agree on the time, and a clock that is wrong, or set, neither ends a lease nor keeps it. What
 * it costs: who comes late has to watch for a whole lease itself.
 * The modification time would not do: over NFSv3 an exclusive create puts a random number there at first.
 * Source: statx(2), utimensat(2), clock_gettime(2).
 */

import { now } from '../posix/clock.js';
import { fail } from '../posix/errno.js';
import { type Address, utimensat } from '../posix/libc.js';
import * as stat from '../posix/stat.js';

/** Far longer than the turns of a benchmark, far shorter than anybody's patience. */
export const LEASE_NS = 500e6;

const AT_FDCWD = -100;
const MS = 1e6;

export interface Lease {
  /** Ours is the file that `fd` is open on: by now the name may be another's. Throws SystemError, as all others do. */
  beginWith(fd: number): void;
  /** Ours is the file that has the name now; to be asked inside of the guard. */
  begin(): void;
  /**
   * Whether the file that has the name has been seen unchanged for longer than a lease, by this process, whose first look
   * begins the time. To be asked again inside of the guard, so that nobody renews it meanwhile.
   */
  hasRunOut(): boolean;
  /** Throws Error unless the name is still ours; to be asked inside of the guard. */
  mustBeOurs(): void;
  /** Sets the time of the last change to now, and begins anew; inside of the guard. */
  renew(): void;
}

export function leaseOn(name: Address, path: string): Lease {
  const { isSameChange, lookAtChange, lookAtOpened, noChange } = stat;
  const ours = noChange();
  const there = noChange();
  const seen = noChange();
  let seenSince = 0n;
  const begin = (): void => {
    // Removed by somebody who tidies up: then the lease is nobody's.
    if (!lookAtChange(name, ours, path)) ours.fill(0);
  };
  return {
    beginWith: (fd) => lookAtOpened(fd, ours, path),
    begin,
    hasRunOut() {
      if (!lookAtChange(name, there, path)) return false;
      if (isSameChange(there, seen)) return Number(now() - seenSince) > LEASE_NS;
      seen.set(there);
      seenSince = now();
      return false;
    },
    mustBeOurs() {
      if (lookAtChange(name, there, path) && isSameChange(there, ours)) return;
      throw new Error(
        `the lock is ours no more: its lease of ${LEASE_NS / MS} ms ran out, or somebody removed it; two may have held it (${path})`,
      );
    },
    renew() {
      if (utimensat(AT_FDCWD, name, 0, 0) === -1) fail('utimensat', path);
      begin();
    },
  };
}
