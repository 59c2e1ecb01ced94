// Takes a lock that is a symbolic link, and holds it until standard input ends. Killed, it leaves the link behind.
import { symlinkSync, unlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

const path = process.argv[2];
const target = `${hostname()}:${process.pid}`;
console.log('waiting');
for (;;) {
  try {
    symlinkSync(target, path); // lock
    break;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    await delay(100);
  }
}
process.on('exit', () => unlinkSync(path));
console.log('inside');
process.stdin.resume();
