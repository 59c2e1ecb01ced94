/**
 * Lock file of the npm package lockfile, with no options: it is never stale.
 *
 * On lock: lockFile.lock(path), which is open(O_CREAT|O_EXCL); EEXIST means held; closed at once.
 * On unlock: lockFile.unlock(path), which is unlink; if that fails, nobody is told.
 * If the holder dies: it is removed when the process exits, an exception and most signals included; killed by SIGKILL,
 * the file stays and everybody is stuck. The option `stale` lets two in: it unlinks what it found too old.
 * Where it breaks: as excl; any process that calls unlock removes the file, whichever process holds it.
 * Source: the package's README; open(2), unlink(2).
 */
import { codeOf } from './shared/interrupted.js';
import { optionalPackage } from './shared/optional-package.js';
import type { AsyncStrategy } from './strategy.js';

interface Lockfile {
  lock(path: string, done: (error?: NodeJS.ErrnoException | null) => void): void;
  unlock(path: string, done: () => void): void;
}

const lockfile = optionalPackage<Lockfile>('lockfile', { compiled: false });

export const strategy: AsyncStrategy = {
  name: 'lockfile',
  title: 'lock file of the package lockfile',
  family: 'name in a directory',
  source: 'open(2); npm package lockfile',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'stuck',
    owner: 'name',
  },
  calls: 'asynchronous',
  probe: lockfile.probe,
  open(site) {
    const path = site.path('lock');
    const lockFile = lockfile.load();
    const lock = (): Promise<void> =>
      new Promise((resolve, reject) => {
        lockFile.lock(path, (error) => (error == null ? resolve() : reject(error)));
      });
    return {
      async tryLock() {
        try {
          await lock();
          return true;
        } catch (error) {
          if (codeOf(error) === 'EEXIST') return false;
          throw error;
        }
      },
      unlock: () => new Promise((resolve) => lockFile.unlock(path, resolve)),
      close() {},
    };
  },
};
