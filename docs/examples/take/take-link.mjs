// Takes a lock that is a hard link, and holds it until standard input ends. Killed, it leaves the link behind.
import { closeSync, linkSync, openSync, unlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const path = process.argv[2];
const own = `${path}.${process.pid}`;
closeSync(openSync(own, 'wx'));
console.log('waiting');
for (;;) {
  try {
    linkSync(own, path); // lock
    break;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    await delay(100);
  }
}
unlinkSync(own);
process.on('exit', () => unlinkSync(path));
console.log('inside');
process.stdin.resume();
