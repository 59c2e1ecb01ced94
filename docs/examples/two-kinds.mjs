import { openSync } from 'node:fs';
import { strategy as fcntl } from '../../dist/strategies/fcntl.js';
import { strategy as flock } from '../../dist/strategies/flock.js';

const fd = openSync('/tmp/number', 'r+');
console.log('flock got it:', flock.open({ fd }).tryLock());
console.log('fcntl got it:', fcntl.open({ fd }).tryLock());
