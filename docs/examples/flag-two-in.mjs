// Two processes take one flag in turn, by a strategy of the catalogue, and count how often both are inside.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { schedYield } from '../../dist/strategies/posix/libc.js';
import { createNamed, openNamed, removeNamed } from '../../dist/strategies/posix/shared-memory.js';

const [, file, name, role] = process.argv;
const { strategy } = await import(`../../dist/strategies/${name}.js`);
const place = { token: `flag-two-in-${name}` };
const counts = `${place.token}.counts`;
const [READY, INSIDE, BOTH] = [0, 32, 64];
const TURNS = 10_000;

if (role === 'taker') {
  const word = new Int32Array(openNamed(counts, 4096).buffer);
  const lock = strategy.open(place);
  Atomics.add(word, READY, 1);
  while (Atomics.load(word, READY) < 2);
  for (let turn = 0; turn < TURNS; turn++) {
    while (!lock.tryLock());
    if (Atomics.add(word, INSIDE, 1) > 0) Atomics.add(word, BOTH, 1);
    // On a busy machine both may have one processor: the other one's turn.
    schedYield();
    Atomics.sub(word, INSIDE, 1);
    lock.unlock();
  }
} else {
  strategy.prepare(place);
  createNamed(counts, 4096);
  const takers = [1, 2].map(() => spawn(process.execPath, [file, name, 'taker'], { stdio: 'inherit' }));
  await Promise.all(takers.map((taker) => once(taker, 'close')));
  const both = new Int32Array(openNamed(counts, 4096).buffer)[BOTH];
  console.log(`${name}: ${2 * TURNS} times in, ${both} times beside the other`);
  removeNamed(counts);
  strategy.destroy(place);
}
