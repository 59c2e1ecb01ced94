/**
 * Lock directory of the npm package proper-lockfile, at its defaults: stale after 10 s, renewed each 5 s, no retries.
 *
 * On lock: lock(file), which is mkdir of file.lock; EEXIST means held, which the package reports as ELOCKED. If its
 * modification time lies more than 10 s back: rmdir it, and mkdir.
 * On unlock: the function that lock() resolved to, which is rmdir.
 * If the holder dies: 10 s after it last renewed the lock a waiter takes over; at once if it exited normally.
 * Where it breaks: a holder whose event loop stands still for 10 s is taken for dead, and two hold it. Looking and
 * removing are separate steps: of two waiters that find it stale, the later one may remove the lock that the earlier
 * one has just made.
 * Source: the package's README; mkdir(2), rmdir(2).
 */
import { writeFileSync } from 'node:fs';
import { codeOf } from './shared/interrupted.js';
import { fileSystemOf, type Observed, observe } from './shared/observed-fs.js';
import { optionalPackage } from './shared/optional-package.js';
import type { AsyncStrategy } from './strategy.js';

interface ProperLockfile {
  lock(
    file: string,
    options: { readonly fs: Observed['fs']; onCompromised(error: Error): void },
  ): Promise<() => Promise<void>>;
}

const properLockfile = optionalPackage<ProperLockfile>('proper-lockfile', { compiled: false });

const STALE_MS = 10_000;
const NS_PER_MS = 1e6;

export const strategy: AsyncStrategy = {
  name: 'proper-lockfile',
  title: 'the package proper-lockfile',
  family: 'name in a directory',
  source: 'mkdir(2); npm package proper-lockfile',
  closedToOthers: 'a lock is renewed and judged in the way of this package',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'taken-over',
    leaseNs: STALE_MS * NS_PER_MS,
    owner: 'holder',
  },
  calls: 'asynchronous',
  probe: properLockfile.probe,
  // What is locked must exist: the package asks for its real path.
  prepare: (roundDirectory) => writeFileSync(roundDirectory.path('file'), ''),
  open(site) {
    const file = site.path('file');
    const { lock } = properLockfile.load();
    const { forget, begin, end, ...observed } = observe(
      fileSystemOf('proper-lockfile', 'graceful-fs'),
      STALE_MS,
    );
    let compromised: Error | null = null;
    let release = (): Promise<void> => Promise.reject(new Error(`${file} was expected to be held by us`));
    // Left to itself, it throws where nobody can catch, and the process ends.
    const onCompromised = (error: Error): void => {
      compromised = error;
    };
    return {
      async beginAcquire() {
        forget();
      },
      async tryLock() {
        begin();
        try {
          release = await lock(file, { fs: observed.fs, onCompromised });
          compromised = null;
          return true;
        } catch (error) {
          // ENOENT: another took the stale lock over, too, and removed what we had made before we could look at it.
          const wasTakenAway =
            codeOf(error) === 'ENOENT' && (error as { path?: string }).path === `${file}.lock`;
          if (codeOf(error) === 'ELOCKED' || wasTakenAway) return false;
          throw error;
        } finally {
          end();
        }
      },
      unlock: () => (compromised === null ? release() : Promise.reject(compromised)),
      recovery: observed.recovery,
      close() {},
    };
  },
};
