/**
 * The write lock of an SQLite database: a transaction that begins as a writer, and writes nothing.
 *
 * On lock: BEGIN IMMEDIATE; the error SQLITE_BUSY means held. In the kernel it is fcntl(F_SETLK) on bytes of the database.
 * On unlock: ROLLBACK, since nothing was written. COMMIT would ask for the whole file, and fail (SQLITE_BUSY) whenever
 * somebody who tries to begin is looking at it.
 * If the holder dies: the kernel releases the lock, and the next one undoes what was half written, if anything was.
 * Where it breaks: as fcntl: if the process opens and closes the database's file by other means, its locks are gone. Waiting
 * is polling: SQLite itself sleeps between tries, and is told here not to.
 * Source: the documentation of SQLite, "File Locking And Concurrency", and of the module node:sqlite.
 */
import type { SyncStrategy } from './strategy.js';

/** The part of node:sqlite that is used; types of Node 20 do not know it. */
interface Sqlite {
  DatabaseSync: new (path: string) => { exec(sql: string): void; close(): void };
}

const SQLITE_BUSY = 5;

/** undefined where this Node has none, or hides it behind a flag. */
const sqlite = (): Sqlite | undefined =>
  (process.getBuiltinModule as (name: string) => unknown)('node:sqlite') as Sqlite | undefined;

const isHeld = (error: unknown): boolean => (error as { errcode?: number }).errcode === SQLITE_BUSY;

export const strategy: SyncStrategy = {
  name: 'sqlite',
  title: 'transaction of SQLite',
  family: 'database',
  source: 'sqlite.org/lockingv3.html; module node:sqlite',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'released',
    owner: 'connection',
  },
  calls: 'synchronous',
  probe: () =>
    sqlite() === undefined
      ? {
          available: false,
          reason: `Node ${process.version} has no node:sqlite: use Node 22.13 or later (22.5 with --experimental-sqlite)`,
        }
      : { available: true },
  // An empty file would become a database in the first transaction of all, whichever process that is.
  prepare(place) {
    const module = sqlite();
    if (module === undefined) return;
    const database = new module.DatabaseSync(place.path('database'));
    database.exec('CREATE TABLE number (value INTEGER)');
    database.close();
  },
  open(site) {
    const { DatabaseSync } = sqlite() as Sqlite;
    const database = new DatabaseSync(site.path('database'));
    return {
      tryLock() {
        try {
          database.exec('BEGIN IMMEDIATE');
          return true;
        } catch (error) {
          if (isHeld(error)) return false;
          throw error;
        }
      },
      unlock: () => database.exec('ROLLBACK'),
      close: () => database.close(),
    };
  },
};
