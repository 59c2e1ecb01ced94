/**
 * A play of a worker that takes numbers without the lock, while another holds it.
 */

import { now } from '../../../strategies/posix/clock.js';
import type { Members } from '../../measure/worker/policy.js';
import { playAlone } from './lone-round.js';
import { Taker, TakesNone } from './taker.js';
import { type Subject, Wrong } from './worker-bench.js';

const TURNS = 20;

/** The lock is held by one that takes orders, and never given back. */
export async function playRogue(subject: Subject, members: Members): Promise<string | null> {
  let holder: Taker | null = null;
  let isHeld = false;
  try {
    await playAlone(
      subject,
      members,
      { kind: 'timing', increments: TURNS, conditions: { processes: 1, rogues: 1 } },
      {
        async ready({ timed }) {
          holder = new Taker(subject, members, timed.job, {
            originNs: now(),
            number: 'kept-open',
            workerIndex: 1,
          });
          await holder.begin();
          await holder.must('acquire', 'asked', 'got-in');
          isHeld = true;
        },
      },
      ({ turns }) => {
        if (turns !== TURNS) throw new Wrong(`it was to take ${TURNS} numbers as a rogue, and took ${turns}`);
      },
    );
    return null;
  } catch (error) {
    if (error instanceof TakesNone)
      return 'is not seen as a rogue, since it cannot hold its lock meanwhile by an order';
    if (error instanceof Wrong && isHeld)
      throw new Wrong(`as a rogue, while another held the lock: ${error.message}: it is to take no lock`);
    throw error;
  } finally {
    await (holder as Taker | null)?.participant.killOrAbandon();
  }
}
