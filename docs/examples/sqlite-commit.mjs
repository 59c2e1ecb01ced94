import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';

const directory = process.argv[2] ?? mkdtempSync('/tmp/commit-');
const database = new DatabaseSync(`${directory}/database`);
if (process.argv[2] === undefined) {
  database.exec('CREATE TABLE number (value INTEGER)');
  let running = 3;
  for (let i = 0; i < 3; i++) {
    fork(import.meta.filename, [directory]).on('exit', () => {
      if (--running === 0) rmSync(directory, { recursive: true });
    });
  }
} else {
  const busy = { begin: 0, commit: 0 };
  const until = (what, sql) => {
    for (;;) {
      try {
        return database.exec(sql);
      } catch (error) {
        if (error.errcode !== 5) throw error;
        busy[what]++;
      }
    }
  };
  for (let turn = 0; turn < 5000; turn++) {
    until('begin', 'BEGIN IMMEDIATE');
    until('commit', 'COMMIT');
  }
  console.log(`5000 turns: BEGIN was busy ${busy.begin} times, COMMIT ${busy.commit} times`);
}
