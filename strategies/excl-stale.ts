/**
 * Lock file with a lease: a waiter takes it over when its holder has kept it for longer than the lease.
 *
 * On lock: open(O_CREAT|O_EXCL), EEXIST means held; if we have seen the file unchanged for longer than the lease: look
 * again, under a guard, and rename(2) a new file over it.
 * On unlock: unlink, under the guard, unless the file is not ours any more: then an error.
 * If the holder dies: its lease runs out, and the next one takes over.
 * Where it breaks: a holder that is stopped, swapped out or slow for longer than the lease is taken for dead, and two
 * hold the lock. A holder whose calls are synchronous can renew only between calls; the loop does not.
 * Source: textbook, 9.8 (the first drawback); open(2), rename(2).
 */
import { constants } from 'node:fs';
import { EEXIST, fail } from './posix/errno.js';
import * as libc from './posix/libc.js';
import { cPath } from './posix/libc.js';
import { uniqueName } from './posix/process-identity.js';
import { openGuard, probeGuard } from './shared/guard.js';
import { LEASE_NS, leaseOn } from './shared/lease.js';
import type { Recovery, SyncStrategy } from './strategy.js';

const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;

export const strategy: SyncStrategy = {
  name: 'excl-stale',
  title: 'lock file with a lease',
  family: 'name in a directory',
  source: 'textbook, 9.8; open(2), rename(2)',
  closedToOthers: 'how stale a file is, and who may replace it, is settled in a way of this program’s own',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'taken-over',
    leaseNs: LEASE_NS,
    owner: 'holder',
  },
  calls: 'synchronous',
  probe: probeGuard,
  open(site) {
    const { close, errno, open, rename, unlink } = libc;
    const path = site.path('lock');
    const ownPath = site.path(`own.${uniqueName()}`);
    const name = cPath(path);
    const own = cPath(ownPath);
    const guard = openGuard(site);
    const lease = leaseOn(name, path);
    let recovery: Recovery | null = null;

    const takeOver = (): boolean => {
      if (!lease.hasRunOut()) return false;
      const fd = open(own, FLAGS, 0o644);
      if (fd === -1) fail('open(O_CREAT|O_EXCL)', ownPath);
      close(fd);
      if (rename(own, name) === -1) fail('rename', path);
      lease.begin();
      recovery = 'taken-over';
      return true;
    };
    const drop = (): void => {
      lease.mustBeOurs();
      if (unlink(name) === -1) fail('unlink', path);
    };
    const renew = (): void => {
      lease.mustBeOurs();
      lease.renew();
    };
    return {
      tryLock() {
        recovery = null;
        const fd = open(name, FLAGS, 0o644);
        if (fd === -1) {
          if (errno() !== EEXIST) fail('open(O_CREAT|O_EXCL)', path);
          return lease.hasRunOut() && guard.tryInside(takeOver);
        }
        lease.beginWith(fd);
        if (close(fd) === -1) fail('close', path);
        return true;
      },
      unlock: () => guard.inside(drop),
      recovery: () => recovery,
      renew: () => guard.inside(renew),
      close: () => guard.close(),
    };
  },
};
