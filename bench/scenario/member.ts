/**
 * One of several processes that share a lock, and what is asked of it.
 */
import type { Answer } from './participant.js';
import type { Participant } from './participant-process.js';

export class Member {
  constructor(protected readonly participant: Participant) {}

  /** Gives an order; what comes of it may be a failure. */
  ask(order: string): Promise<Answer> {
    return this.participant.ask(order);
  }

  /** Whether one try got the lock. Throws what the try threw. */
  async tries(which: 'first' | 'second' = 'first'): Promise<boolean> {
    return (await this.participant.must(which === 'first' ? 'try' : 'second try')).got === true;
  }

  /** Gets a lock that is free, by whichever member there is. */
  async acquire(): Promise<void> {
    const { members } = await this.participant.must('members');
    if (members?.tryLock !== true) await this.participant.must('acquire');
    else if (!(await this.tries())) throw new Error('the lock was expected to be free, it is held');
  }

  /** Waits for the lock by its policy, however long that takes. */
  async waitFor(): Promise<void> {
    await this.participant.must('acquire');
  }

  async release(): Promise<void> {
    await this.participant.must('unlock');
  }

  /** Gives back what opening the lock took. */
  async close(): Promise<void> {
    await this.participant.must('close');
  }

  async kill(): Promise<void> {
    await this.participant.kill();
  }

  /** Kills it, and waits for its end unless it is stuck in the kernel. */
  async end(): Promise<void> {
    await this.participant.killOrAbandon();
  }
}
