// On one client: node two-clients.mjs DIRECTORY hold. On another, meanwhile: node two-clients.mjs DIRECTORY try
import { closeSync, openSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

const [directory, what] = process.argv.slice(2);
const held = [];
for (const name of ['fcntl', 'flock', 'excl']) {
  const { strategy } = await import(`../../dist/strategies/${name}.js`);
  const file = join(directory, `two-clients.${name}`);
  const fd = openSync(file, 'a+');
  const lock = strategy.open({ fd, path: () => `${file}.lock` });
  if (!lock.tryLock()) console.log(`${name}: refused, as it should be`);
  else if (what === 'hold') held.push({ fd, file, lock });
  else {
    console.log(`${name}: GOT IT, although the other one holds it`);
    lock.unlock();
  }
  if (what !== 'hold') closeSync(fd);
}
if (what === 'hold') {
  console.log('holding; press Ctrl-C when the other client has tried');
  const keep = setInterval(() => {}, 1000);
  process.once('SIGINT', () => {
    clearInterval(keep);
    for (const { fd, file, lock } of held) {
      lock.unlock();
      unlinkSync(file);
      closeSync(fd);
    }
  });
}
