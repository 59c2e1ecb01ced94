/**
 * A flawed lock file, as a control that works between hosts: it must be caught letting two in.
 *
 * On lock: look whether the file is there; if it is not, wait for a millisecond, then make it.
 * On unlock: unlink.
 * If the holder dies: the name stays.
 * Where it breaks: two that look before either has made the file both go in. The pause is as long as a slow network's
 * round trip, so that a host far away has its chance, too. O_EXCL is what is missing: see `excl`.
 * Source: open(2).
 */
import { constants } from 'node:fs';
import { O_CLOEXEC } from '../../strategies/posix/at.js';
import { sleep } from '../../strategies/posix/clock.js';
import { ENOENT, ESTALE, fail } from '../../strategies/posix/errno.js';
import * as libc from '../../strategies/posix/libc.js';
import { cPath } from '../../strategies/posix/libc.js';
import type { SyncStrategy } from '../../strategies/strategy.js';

const GAP_NS = 1e6;
const { O_CREAT, O_RDONLY, O_RDWR } = constants;

export const strategy: SyncStrategy = {
  name: 'broken',
  title: 'lock file looked for, then made',
  family: 'control',
  source: 'open(2)',
  claims: {
    excludes: false,
    excludesAsRoot: false,
    excludesAcrossNfs: { v3: false, v4: false },
    holderDies: 'stuck',
    owner: 'nobody',
  },
  calls: 'synchronous',
  open(site) {
    const { close, errno, open, unlink } = libc;
    const path = site.path('lock');
    const name = cPath(path);
    return {
      tryLock() {
        // Opened, not stat'ed: NFS asks the server then, and a name that has gone is not seen for seconds more.
        const seen = open(name, O_RDONLY | O_CLOEXEC, 0);
        if (seen !== -1) {
          close(seen);
          return false;
        }
        // A client of NFSv3 that another one removed it from under says that its file is stale.
        if (errno() !== ENOENT && errno() !== ESTALE) fail('open', path);
        sleep(GAP_NS);
        const fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o644);
        if (fd === -1) {
          if (errno() === ESTALE) return false;
          fail('open(O_CREAT)', path);
        }
        close(fd);
        return true;
      },
      unlock() {
        // Another one that is inside may have removed it.
        if (unlink(name) === -1 && errno() !== ENOENT) fail('unlink', path);
      },
      close() {},
    };
  },
};
