// Takes the write lock of an SQLite database, and holds it until standard input ends. npm install @photostructure/sqlite, or
// import it from node:sqlite, as of Node 22.13.
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';

const SQLITE_BUSY = 5;
const database = new DatabaseSync(process.argv[2]);
console.log('waiting');
for (;;) {
  try {
    database.exec('BEGIN IMMEDIATE'); // lock
    break;
  } catch (error) {
    if (error.errcode !== SQLITE_BUSY) throw error;
    await delay(100);
  }
}
console.log('inside');
process.stdin.resume();
process.stdin.on('end', () => database.exec('ROLLBACK'));
