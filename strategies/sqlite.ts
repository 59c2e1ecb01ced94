/**
 * The write lock of an SQLite database: a transaction that begins as a writer, and writes nothing.
 *
 * On lock: BEGIN IMMEDIATE; the error SQLITE_BUSY means held. In the kernel it is fcntl(F_SETLK) on bytes of the
 * database.
 * On unlock: ROLLBACK, since nothing was written. COMMIT would ask for the whole file, and fail (SQLITE_BUSY) whenever
 * another process that tries to begin is reading it.
 * If the holder dies: the kernel releases the lock, and the next one undoes what was half written, if anything was.
 * Where it breaks: as fcntl: if the process opens and closes the database's file by other means, its locks are gone.
 * Waiting is polling: SQLite itself sleeps between tries, and is told here not to.
 * Source: the documentation of SQLite, "File Locking And Concurrency", and of the module node:sqlite.
 */
import { execUnlessBusy, openDatabase, sqliteIsHere } from './shared/sqlite-library.js';
import type { SyncStrategy } from './strategy.js';

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
  probe: sqliteIsHere,
  // An empty file would become a database in the first transaction of all, whichever process that is.
  prepare(roundDirectory) {
    if (!sqliteIsHere().available) return;
    const database = openDatabase(roundDirectory.path('database'));
    database.exec('CREATE TABLE number (value INTEGER)');
    database.close();
  },
  open(site) {
    const database = openDatabase(site.path('database'));
    return {
      tryLock: () => execUnlessBusy(database, 'BEGIN IMMEDIATE'),
      unlock: () => database.exec('ROLLBACK'),
      close: () => database.close(),
    };
  },
};
