import { spawnSync } from 'node:child_process';
import { strategy } from '../../dist/strategies/shm-flag.js';

const place = { token: 'flag-death-example' };
if (process.argv[2] === 'hold') {
  console.log('holder got it:', strategy.open(place).tryLock());
  process.kill(process.pid, 'SIGKILL');
} else {
  strategy.prepare(place);
  const { signal } = spawnSync(process.execPath, [import.meta.filename, 'hold'], { stdio: 'inherit' });
  console.log('holder was ended by', signal);
  console.log('next one got it:', strategy.open(place).tryLock());
  strategy.destroy(place);
}
