/**
 * A holder as the contract's tests see it: an actor on a place that the test made, maybe under strace.
 */
import type { TestContext } from 'node:test';
import type { Identity } from '../../bench/machine/identity.js';
import type { PlaceJob } from '../../bench/measure/worker/job.js';
import type { Policy } from '../../bench/measure/worker/policy.js';
import type { Answer } from '../../bench/scenario/participant.js';
import { Actor } from '../../bench/scenario/scenario.js';
import { now } from '../../strategies/posix/clock.js';

export interface HolderSpec {
  readonly strategy: string;
  readonly policy: Policy;
  readonly place: PlaceJob;
  readonly workerIndex: number;
  readonly identity: Identity | null;
  /** A command to run it by; none by default. */
  readonly prefix?: readonly string[];
}

export class Holder {
  private constructor(private readonly actor: Actor) {}

  /** Starts a holder; it ends with the test. `strace`: options of strace to run it under. */
  static async start(test: TestContext, spec: HolderSpec, strace: readonly string[] = []): Promise<Holder> {
    // One thread in libuv's pool: strace counts a thread's calls, and "the second one" shall mean the process's.
    const traced = strace.length === 0 ? [] : ['strace', '-E', 'UV_THREADPOOL_SIZE=1', ...strace];
    const prefix = [...(spec.prefix ?? []), ...traced];
    const actor = new Actor('holder', { ...spec, originNs: now(), prefix });
    test.after(() => actor.kill());
    await actor.ready;
    return new Holder(actor);
  }

  /** Gives an order; what comes of it may be a failure. */
  ask(order: string): Promise<Answer> {
    return this.actor.ask(order);
  }

  /** Whether one try got the lock. Throws what the try threw. */
  async tries(which: 'first' | 'second' = 'first'): Promise<boolean> {
    return (await this.actor.must(which === 'first' ? 'try' : 'second try')).got === true;
  }

  /** Gets a lock that is free, by whichever member there is. */
  async acquire(): Promise<void> {
    const { members } = await this.actor.must('members');
    if (members?.tryLock !== true) await this.actor.must('acquire');
    else if (!(await this.tries())) throw new Error('the lock was expected to be free, it is held');
  }

  async release(): Promise<void> {
    await this.actor.must('unlock');
  }

  kill(): Promise<void> {
    return this.actor.kill();
  }
}
