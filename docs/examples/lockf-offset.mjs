import { openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { strategy } from '../../dist/strategies/lockf.js';

const locks = () =>
  readFileSync('/proc/locks', 'utf8')
    .split('\n')
    .filter((line) => line.includes(` ${process.pid} `));
const bytes = () =>
  locks()
    .map((line) => line.split(' ').slice(-2).join(' to '))
    .join() || 'none';

writeFileSync('/tmp/number', '1\n');
const fd = openSync('/tmp/number', 'r+');
const lock = strategy.open({ fd });
lock.lock();
console.log('locked, bytes:', bytes());
readSync(fd, Buffer.alloc(2));
lock.unlock();
console.log('unlocked, still locked are bytes:', bytes());
