/**
 * The file system as a library sees it, overheard: proper-lockfile does not tell whether it took a lock over from a
 * holder that grew stale, and what it sees does. Nothing is changed.
 */
import { createRequire } from 'node:module';
import type { Recovery } from '../strategy.js';

type Stat = { readonly mtimeMs: number };

/** The part of the module fs that is listened to. */
interface FileSystem {
  mkdir(path: string, done: (error: NodeJS.ErrnoException | null) => void): void;
  stat(path: string, done: (error: NodeJS.ErrnoException | null, stat: Stat) => void): void;
}

export interface Observed {
  /** To be given to the library in the place of its own. */
  readonly fs: FileSystem;
  /** An acquisition begins: what was seen before it counts no more. What an earlier try of it saw does count. */
  forget(): void;
  /** A try begins, or is over: what timers do in between is not listened to. */
  begin(): void;
  end(): void;
  /** How the last acquisition got its lock: also behind another waiter, who had cleared the stale lock away. */
  recovery(): Recovery | null;
}

/** What a package calls the file system by when it is told nothing: a dependency of it. Throws if it is not there. */
export function fileSystemOf(name: string, dependency: string): FileSystem {
  const path = createRequire(import.meta.url).resolve(name);
  return createRequire(path)(dependency) as FileSystem;
}

/** `staleMs`: how long a directory that is made anew had not been renewed, at least, if it was taken over. */
export function observe(fs: FileSystem, staleMs: number): Observed {
  let isTrying = false;
  let lastRenewedMs: number | null = null;
  let recovery: Recovery | null = null;
  return {
    fs: {
      ...fs,
      mkdir: (path, done) =>
        fs.mkdir(path, (error) => {
          const wasStale = lastRenewedMs !== null && lastRenewedMs < Date.now() - staleMs;
          if (error === null && wasStale) recovery = 'taken-over';
          done(error);
        }),
      stat: (path, done) =>
        fs.stat(path, (error, stat) => {
          if (error === null && isTrying) lastRenewedMs = stat.mtimeMs;
          done(error, stat);
        }),
    },
    forget() {
      lastRenewedMs = null;
      recovery = null;
    },
    begin() {
      isTrying = true;
    },
    end() {
      isTrying = false;
    },
    recovery: () => recovery,
  };
}
