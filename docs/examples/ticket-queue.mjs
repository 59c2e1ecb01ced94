import { strategy } from '../../dist/strategies/ticket.js';

const place = { token: 'ticket-queue-example' };
strategy.prepare(place);
const [holder, second, third] = [1, 2, 3].map(() => strategy.open(place));
for (const lock of [holder, second, third]) lock.beginAcquire();
console.log('holder is in:', holder.tryLock());
holder.unlock();
// The second one never tries: it was killed while it waited.
console.log('third is in:', third.tryLock());
strategy.destroy(place);
