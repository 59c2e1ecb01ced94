// Takes a lock directory, and holds it until standard input ends. Killed, it leaves the directory behind.
import { mkdirSync, rmdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const path = process.argv[2];
console.log('waiting');
for (;;) {
  try {
    mkdirSync(path); // lock
    break;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    await delay(100);
  }
}
process.on('exit', () => rmdirSync(path));
console.log('inside');
process.stdin.resume();
