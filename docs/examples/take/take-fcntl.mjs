// Takes an fcntl lock on a file, and holds it until standard input ends. npm install fs-ext
import { openSync } from 'node:fs';
import { promisify } from 'node:util';
import fsExt from 'fs-ext';

const fcntl = promisify(fsExt.fcntl);
const fd = openSync(process.argv[2], 'a');
console.log('waiting');
await fcntl(fd, 'setlkw', fsExt.constants.F_WRLCK); // lock
console.log('inside');
process.stdin.resume();
