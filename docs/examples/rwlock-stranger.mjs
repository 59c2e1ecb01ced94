import { spawnSync } from 'node:child_process';
import { strategy } from '../../dist/strategies/rwlock.js';

const place = { token: 'rwlock-stranger-example' };
if (process.argv[2] === 'stranger') {
  strategy.open(place).unlock();
  console.log('stranger unlocked it, and got no error');
} else {
  strategy.prepare(place);
  const [holder, other] = [strategy.open(place), strategy.open(place)];
  console.log('holder got it:', holder.tryLock());
  spawnSync(process.execPath, [import.meta.filename, 'stranger'], { stdio: 'inherit' });
  holder.unlock();
  console.log('holder unlocked it; other gets it:', other.tryLock());
  strategy.destroy(place);
}
