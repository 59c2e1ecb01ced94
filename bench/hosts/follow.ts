/**
 * Ranks 1 to n: each does what rank 0 says, and prints nothing.
 */
import { introduceMyself } from './company.js';
import type { Order, Reply } from './messages.js';
import { takePart } from './rank-round.js';
import { asSeenHere, lookHere } from './shared-directory.js';
import type { Wire } from './wire.js';

/** Returns when rank 0 says that it is over. */
export async function follow(wire: Wire): Promise<void> {
  const { rank } = wire.mpi;
  let directory: string | null = null;
  wire.send(0, introduceMyself());
  for (;;) {
    const { message: order } = await wire.receive<Order>(0);
    switch (order.at) {
      case 'look': {
        const looked = await lookHere(order, rank);
        directory = looked.directory;
        wire.send(0, looked.reply satisfies Reply);
        break;
      }
      case 'round': {
        const here = directory ?? order.conditions.directory.path;
        const [rehearsal, timed] = [asSeenHere(order.rehearsal, here), asSeenHere(order.timed, here)];
        const conditions = { ...order.conditions, directory: { path: here } };
        await takePart({ ...order, conditions, rehearsal, timed }, wire);
        break;
      }
      case 'barrier':
        wire.mpi.barrier();
        break;
      case 'end':
        return;
      default:
        // Of a round that this rank has left already.
        break;
    }
  }
}
