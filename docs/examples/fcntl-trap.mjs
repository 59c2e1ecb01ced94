import { openSync, readFileSync, writeFileSync } from 'node:fs';

const { strategy } = await import(`../../dist/strategies/${process.argv[2]}.js`);
const locked = () => readFileSync('/proc/locks', 'utf8').includes(` ${process.pid} `);

writeFileSync('/tmp/number', '1\n');
const lock = strategy.open({ fd: openSync('/tmp/number', 'r+') });
lock.lock();
console.log('locked:', locked());
readFileSync('/tmp/number');
console.log('still locked after reading the file:', locked());
