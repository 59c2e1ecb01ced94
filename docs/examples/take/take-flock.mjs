// Takes flock(2) on a file, and holds it until standard input ends. npm install fs-ext
import { openSync } from 'node:fs';
import { flockSync } from 'fs-ext';

const fd = openSync(process.argv[2], 'a');
console.log('waiting');
flockSync(fd, 'ex'); // lock
console.log('inside');
process.stdin.resume();
