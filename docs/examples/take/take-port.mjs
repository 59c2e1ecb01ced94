// Takes a TCP port, as in 127.0.0.1:20000, and holds it until standard input ends.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const [host, port] = process.argv[2].split(':');
console.log('waiting');
for (;;) {
  const server = createServer((connection) => connection.destroy());
  try {
    await once(server.listen({ host, port: Number(port), exclusive: true }), 'listening'); // lock
    break;
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    await delay(100);
  }
}
console.log('inside');
process.stdin.resume();
process.stdin.on('end', () => process.exit());
