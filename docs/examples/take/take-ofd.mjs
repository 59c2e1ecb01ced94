// Takes an open file description lock on a file, and holds it until standard input ends. npm install fs-native-extensions
import { openSync } from 'node:fs';
import { waitForLock } from 'fs-native-extensions';

const fd = openSync(process.argv[2], 'a');
console.log('waiting');
await waitForLock(fd); // lock
console.log('inside');
process.stdin.resume();
