/**
 * Lock directory of the npm package proper-lockfile, at its defaults: stale after 10 s, renewed each 5 s, no retries.
 *
 * On lock: lock(file), which is mkdir of file.lock; EEXIST means held, ELOCKED in the package's words. If its modification
 * time lies more than 10 s back: rmdir it, and mkdir.
 * On unlock: the function that lock() resolved to, which is rmdir.
 * If the holder dies: 10 s after it last renewed the lock a waiter takes over; at once if it could exit in order.
 * Where it breaks: a holder whose event loop stands still for 10 s is taken for dead, and two hold it. Looking and removing
 * are two steps: of two waiters that find it stale, the later one may remove the lock that the earlier one has just made.
 * Source: the package's README; mkdir(2), rmdir(2).
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { codeOf } from './_interrupted.js';
import { optionalPackage } from './_optional-package.js';
import type { AsyncStrategy, Inheritance } from './strategy.js';

type Stat = { readonly mtimeMs: number };
/** The part of the module fs that is listened to. */
interface FileSystem {
  mkdir(path: string, done: (error: NodeJS.ErrnoException | null) => void): void;
  stat(path: string, done: (error: NodeJS.ErrnoException | null, stat: Stat) => void): void;
}

interface ProperLockfile {
  lock(
    file: string,
    options: { readonly fs: FileSystem; onCompromised(error: Error): void },
  ): Promise<() => Promise<void>>;
}

const properLockfile = optionalPackage<ProperLockfile>('proper-lockfile', { compiled: false });

const STALE_MS = 10_000;
const NS_PER_MS = 1e6;

/** Another took the stale lock over, too, and removed what we had made before we could look at it: it is not ours. */
const wasTakenAway = (error: unknown, path: string): boolean =>
  codeOf(error) === 'ENOENT' && (error as NodeJS.ErrnoException).path === path;

/** What the package calls the file system by when it is told nothing. */
const itsFileSystem = (): FileSystem => {
  const path = createRequire(import.meta.url).resolve('proper-lockfile');
  return createRequire(path)('graceful-fs') as FileSystem;
};

/** The package does not tell how it got a lock: so what it sees of the last one is overheard, and nothing is changed. */
function overheard(fs: FileSystem, onStat: (stat: Stat) => void, onMade: () => void): FileSystem {
  return {
    ...fs,
    mkdir: (path, done) =>
      fs.mkdir(path, (error) => {
        if (error === null) onMade();
        done(error);
      }),
    stat: (path, done) =>
      fs.stat(path, (error, stat) => {
        if (error === null) onStat(stat);
        done(error, stat);
      }),
  };
}

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
  prepare: (place) => writeFileSync(place.path('file'), ''),
  open(site) {
    const file = site.path('file');
    const { lock } = properLockfile.load();
    let lastRenewedMs: number | null = null;
    let isTrying = false;
    let inherited: Inheritance | null = null;
    let compromised: Error | null = null;
    let release: (() => Promise<void>) | null = null;

    const fs = overheard(
      itsFileSystem(),
      ({ mtimeMs }) => {
        if (isTrying) lastRenewedMs = mtimeMs;
      },
      () => {
        isTrying = false;
        if (lastRenewedMs !== null && lastRenewedMs < Date.now() - STALE_MS) inherited = 'taken-over';
      },
    );
    const options = {
      fs,
      // Left to itself, it throws where nobody can catch, and the process ends.
      onCompromised(error: Error) {
        compromised = error;
      },
    };
    return {
      async arrive() {
        lastRenewedMs = null;
        inherited = null;
        compromised = null;
      },
      async tryLock() {
        isTrying = true;
        try {
          release = await lock(file, options);
          return true;
        } catch (error) {
          if (codeOf(error) === 'ELOCKED' || wasTakenAway(error, `${file}.lock`)) return false;
          throw error;
        } finally {
          isTrying = false;
        }
      },
      async unlock() {
        if (compromised !== null) throw compromised;
        if (release === null) throw new Error(`a lock that is held was expected, ${file} is not held by us`);
        const drop = release;
        release = null;
        await drop();
      },
      inherited: () => inherited,
      close() {},
    };
  },
};
