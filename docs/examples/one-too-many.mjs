import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const { strategy } = await import(`../../dist/strategies/${process.argv[2]}.js`);
const dir = mkdtempSync('/tmp/one-too-many-');
const place = { token: 'one-too-many-example', path: (name) => join(dir, name) };
strategy.prepare(place);
const [one, two, stranger] = [1, 2, 3].map(() => strategy.open(place));
stranger.unlock();
console.log('one got it:', one.tryLock());
console.log('two got it:', two.tryLock());
strategy.destroy(place);
rmSync(dir, { recursive: true });
