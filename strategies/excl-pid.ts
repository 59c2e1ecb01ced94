/**
 * Lock file that names its holder: a waiter that finds the holder dead takes the file over.
 *
 * On lock: link(2) a file that says who we are to the agreed name; EEXIST means held, unless the one named there is
 * dead. Then, under a guard: look again, and rename(2) our file over it.
 * On unlock: unlink.
 * If the holder dies: the next try of a waiter takes over; wherever in these calls a process dies.
 * Where it breaks: a holder of another host, container or boot cannot be checked, and counts as alive.
 *
 * Linked and not made with O_EXCL, since a file that is made and then written is empty for a moment, and a process that
 * dies in that moment leaves a lock that names nobody. Source: textbook, 9.8 (the first drawback); link(2), rename(2),
 * kill(2).
 */

import { EEXIST, fail } from './posix/errno.js';
import * as libc from './posix/libc.js';
import { cPath } from './posix/libc.js';
import { makeHasEnded } from './posix/process-identity.js';
import { exists } from './posix/stat.js';
import { openGuard, probeGuard } from './shared/guard.js';
import { Content, makeOwnFile } from './shared/own-file.js';
import type { Recovery, SyncStrategy } from './strategy.js';

export const strategy: SyncStrategy = {
  name: 'excl-pid',
  title: 'lock file with a pid, taken over from the dead',
  family: 'name in a directory',
  source: 'textbook, 9.8; link(2), rename(2), kill(2)',
  closedToOthers: 'whom the file names is written and judged in a way of this program’s own',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'taken-over',
    owner: 'name',
  },
  calls: 'synchronous',
  probe: probeGuard,
  open(site) {
    const { errno, link, rename, unlink } = libc;
    const path = site.path('lock');
    const name = cPath(path);
    const directory = cPath(site.dir);
    // The guard first: one that another user made cannot be opened, and our own file would be left.
    const guard = openGuard(site);
    const own = makeOwnFile(site);
    const hasEnded = makeHasEnded();
    const seen = new Content();
    const again = new Content();
    let recovery: Recovery | null = null;

    /** Inside of the guard. Who stands in `seen` is dead already: if the file says the same now, only we can change it. */
    const takeOver = (): boolean => {
      // A client of NFS may have kept the name of a file that has another name too: this makes it ask.
      exists(directory, site.dir);
      if (!again.read(name, path) || !again.equals(seen)) return false;
      if (rename(own.name, name) === -1) fail('rename', path);
      if (link(name, own.name) === -1) fail('link', own.path);
      recovery = 'taken-over';
      return true;
    };
    return {
      tryLock() {
        recovery = null;
        if (link(own.name, name) === 0) return true;
        if (errno() !== EEXIST) fail('link', path);
        if (!seen.read(name, path)) return false;
        // Over NFS a link that succeeded may be told to have failed: then the file is ours.
        return own.content.equals(seen) || (hasEnded(seen.bytes, seen.length) && guard.tryInside(takeOver));
      },
      unlock() {
        if (unlink(name) === -1) fail('unlink', path);
      },
      recovery: () => recovery,
      close() {
        unlink(own.name);
        guard.close();
      },
    };
  },
};
