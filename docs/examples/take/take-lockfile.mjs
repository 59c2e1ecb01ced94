// Takes a lock file by a package, and holds it until standard input ends. Killed, it leaves it behind. npm install lockfile
import { promisify } from 'node:util';
import lockfile from 'lockfile';

const path = process.argv[2];
console.log('waiting');
await promisify(lockfile.lock)(path, { wait: 86_400_000, pollPeriod: 100 }); // lock
console.log('inside');
process.stdin.resume();
process.stdin.on('end', () => lockfile.unlockSync(path));
