/**
 * A holder as the contract's tests see it: a participant on a place that the test made, maybe under strace.
 */
import type { Identity } from '../../bench/machine/identity.js';
import type { RoundDirectoryJob } from '../../bench/measure/worker/job.js';
import type { Policy } from '../../bench/measure/worker/policy.js';
import type { Answer } from '../../bench/scenario/participant.js';
import { Participant } from '../../bench/scenario/participant-process.js';
import type { Step } from '../../bench/scenario/steps-schema.js';
import { childrenOf } from './daemons.js';

export interface HolderSpec {
  readonly strategy: string;
  readonly policy: Policy;
  readonly roundDirectory: RoundDirectoryJob;
  readonly workerIndex: number;
  readonly identity: Identity | null;
  /** A command to run it by; none by default. */
  readonly prefix?: readonly string[];
}

/** What calls these when it is over: a test, or what several tests share. */
export interface Cleanup {
  after(action: () => unknown): void;
}

export class Holder {
  private constructor(
    private readonly participant: Participant,
    private readonly steps: readonly Step[],
  ) {}

  /** Starts a holder; it ends with its `owner`. `strace`: options of strace to run it under. */
  static async start(owner: Cleanup, spec: HolderSpec, strace: readonly string[] = []): Promise<Holder> {
    // One thread in libuv's pool: strace counts a thread's calls, and "the second one" shall mean the process's.
    const traced = strace.length === 0 ? [] : ['strace', '-E', 'UV_THREADPOOL_SIZE=1', ...strace];
    const prefix = [...(spec.prefix ?? []), ...traced];
    const steps: Step[] = [];
    const participant = new Participant('holder', { ...spec, originNs: 0n, prefix }, (step) =>
      steps.push(step),
    );
    owner.after(() => participant.kill());
    await participant.ready;
    return new Holder(participant, steps);
  }

  /** Its process; of one under strace, strace's. */
  get pid(): number {
    return this.participant.pid ?? 0;
  }

  /** Lets a holder go on whom strace has stopped, by SIGSTOP at a call. */
  goOn(): void {
    for (const traced of childrenOf(this.pid)) process.kill(traced, 'SIGCONT');
  }

  /** When it last got the lock, by its own CLOCK_MONOTONIC, ns; null if it never did. */
  get gotInNs(): number | null {
    return this.steps.filter(({ what }) => what === 'got-in').at(-1)?.atNs ?? null;
  }

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

  kill(): Promise<void> {
    return this.participant.kill();
  }
}
