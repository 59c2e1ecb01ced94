/**
 * A holder as the contract's tests see it: a participant on a place that the test made, maybe under strace.
 */
import type { Identity } from '../../bench/machine/identity.js';
import type { RoundDirectoryJob } from '../../bench/measure/worker/job.js';
import type { Policy } from '../../bench/measure/worker/policy.js';
import { Member } from '../../bench/scenario/member.js';
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

export class Holder extends Member {
  private constructor(
    participant: Participant,
    private readonly steps: readonly Step[],
  ) {
    super(participant);
  }

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
}
