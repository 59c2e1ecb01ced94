/**
 * SQLite by the interface of node:sqlite: that module where this Node has it, else the npm package that brings the same
 * interface, and a build of SQLite, to older ones.
 */

import type { Availability } from '../strategy.js';
import { optionalPackage } from './optional-package.js';

interface Database {
  exec(sql: string): void;
  close(): void;
}

/** The part that is used; types of Node 20 do not know it. */
interface Sqlite {
  DatabaseSync: new (path: string) => Database;
}

const SQLITE_BUSY = 5;

/** undefined where this Node has none, or hides it behind a flag. */
const builtIn = (process.getBuiltinModule as (name: string) => unknown)('node:sqlite') as Sqlite | undefined;
const standIn = optionalPackage<Sqlite>('@photostructure/sqlite', { compiled: false });

export function sqliteIsHere(): Availability {
  const found = builtIn === undefined ? standIn.probe() : { available: true as const };
  if (found.available) return found;
  const later = `use Node 22.13 or later (22.5 with --experimental-sqlite), or its stand-in`;
  return {
    available: false,
    reason: `Node ${process.version} has no node:sqlite: ${later}: ${found.reason}`,
  };
}

/** Opens a database, which is made if it is not there. Throws what SQLite says. */
export const openDatabase = (path: string): Database => new (builtIn ?? standIn.load()).DatabaseSync(path);

/** Runs a statement; false if another holds the lock that it needs. Throws what else SQLite says. */
export function execUnlessBusy(database: Database, sql: string): boolean {
  try {
    database.exec(sql);
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
