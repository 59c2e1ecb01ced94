// Takes a lock file, and holds it until standard input ends. Killed, it leaves the file behind.
import { closeSync, openSync, unlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const path = process.argv[2];
console.log('waiting');
for (;;) {
  try {
    closeSync(openSync(path, 'wx')); // lock
    break;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    await delay(100);
  }
}
process.on('exit', () => unlinkSync(path));
console.log('inside');
process.stdin.resume();
