// Takes a lock by a package on a file that exists, and holds it until standard input ends. npm install proper-lockfile
import properLockfile from 'proper-lockfile';

const path = process.argv[2];
const retries = { forever: true, minTimeout: 100, maxTimeout: 100 };
console.log('waiting');
const release = await properLockfile.lock(path, { retries }); // lock
console.log('inside');
process.stdin.resume();
process.stdin.on('end', () => release());
