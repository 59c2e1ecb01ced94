/**
 * The parent's side of a process that does with a lock what it is told: orders go to it, and what it says comes back.
 */

import { formatDuration } from '../base/duration.js';
import { asError } from '../base/error-message.js';
import type { Identity } from '../machine/identity.js';
import { Child } from '../measure/parent/child.js';
import type { ForeignWorker } from '../measure/parent/foreign-worker.js';
import { endedOrAbandoned } from '../measure/parent/patience.js';
import type { RoundDirectoryJob } from '../measure/worker/job.js';
import type { Policy } from '../measure/worker/policy.js';
import { obeyJob, requireParticipantMessage } from './foreign-participant.js';
import type { Answer, NumberUse, ParticipantJob, ParticipantMessage } from './participant.js';
import type { Step } from './steps-schema.js';

/**
 * No answer for so long means that something is wrong, however slow the machine: on an emulated one that others use,
 * too, a process was seen to need more than 30 s to start.
 */
export const LIMIT_NS = 120e9;

/** Passes `work` through; throws an Error that names it if it lasts longer than `ns`. */
export async function within<T>(ns: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not done after ${formatDuration(ns)}`)), ns / 1e6);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a participant needs besides its name. */
export interface ParticipantSpec {
  readonly strategy: string;
  readonly policy: Policy;
  readonly identity: Identity | null;
  readonly roundDirectory: RoundDirectoryJob;
  readonly workerIndex: number;
  readonly originNs: bigint;
  readonly number?: NumberUse;
  /** A command to run it by, such as strace with its options. */
  readonly prefix?: readonly string[];
  /** The program that takes the orders, where it is none of ours. */
  readonly foreign?: ForeignWorker;
}

const PROGRAM = new URL('participant.js', import.meta.url);

/** A process that takes orders. Several may be given at once; it obeys one after the other. */
export class Participant {
  readonly #child: Child<ParticipantMessage>;
  readonly #waiting: { resolve(answer: Answer): void; reject(error: Error): void }[] = [];
  #ended: Error | null = null;
  #mayEnd = false;
  /** Settles when the process is gone and all it said has been read. */
  readonly gone: Promise<void>;
  readonly ready: Promise<void>;

  /** `onStep` is called with each step, as soon as it is read. */
  constructor(
    readonly name: string,
    { prefix = [], number = 'apart', originNs, foreign, ...rest }: ParticipantSpec,
    onStep: (step: Step) => void = () => {},
  ) {
    // Under another program our process is not the participant's parent.
    const parentPid = prefix.length === 0 ? process.pid : null;
    const job: ParticipantJob = { ...rest, number, parentPid, originNs: String(originNs) };
    const start = { prefix, takesOrders: true };
    this.#child =
      foreign === undefined
        ? new Child<ParticipantMessage>(PROGRAM, job, start)
        : new Child<ParticipantMessage>(foreign.words, obeyJob(job), { ...start, cwd: foreign.cwd });
    const isReady = this.#expect();
    this.ready = within(LIMIT_NS, `start of ${name}`, isReady).then(() => {});
    this.ready.catch(() => {});
    this.gone = this.#listen(onStep);
  }

  /** Its number in our pid namespace; undefined if it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Why it says nothing more; null while it lives. */
  get ended(): Error | null {
    return this.#ended;
  }

  /** Such as "ended with exit code 0"; null while it lives. */
  get howItEnded(): string | null {
    return this.#child.howItEnded;
  }

  /** Whether it was us who ended it. */
  get mayEnd(): boolean {
    return this.#mayEnd;
  }

  /**
   * Gives an order; the answer comes when it was carried out, which for a lock that is held may be never. Rejects if the
   * process ends before.
   */
  ask(order: string): Promise<Answer> {
    const answer = this.#expect();
    this.#child.tell(order);
    return answer;
  }

  /** Gives an order that must succeed soon. Throws an Error that says why it did not. */
  async must(order: string): Promise<Extract<Answer, { at: 'done' }>> {
    const answer = await within(LIMIT_NS, `${this.name}: ${order}`, this.ask(order));
    if (answer.at === 'failed') throw new Error(`${this.name}: ${order}: ${answer.message}`);
    return answer;
  }

  /** Gives an order that ends it. */
  tellToEnd(order: 'throw' | 'exit' | 'return'): void {
    this.#mayEnd = true;
    this.#child.tell(order);
  }

  /** It reads the end of its orders. */
  noMoreOrders(): void {
    this.#mayEnd = true;
    this.#child.noMoreOrders();
  }

  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    if (signal === 'SIGKILL') this.#mayEnd = true;
    this.#child.kill(signal);
  }

  /** SIGKILL, and waits until the kernel has taken all back. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.gone;
  }

  /** Throws an Error if a library that it loaded has printed something. */
  requireSilence(): Promise<void> {
    return this.#child.requireSilence();
  }

  /** SIGKILL, and waits for its end unless it is stuck in the kernel. */
  async killOrAbandon(): Promise<void> {
    this.signal('SIGKILL');
    const { pid, gone } = this;
    await endedOrAbandoned({ pid, gone, abandon: () => this.#child.abandon() });
  }

  #expect(): Promise<Answer> {
    const answer = new Promise<Answer>((resolve, reject) => {
      if (this.#ended === null) this.#waiting.push({ resolve, reject });
      else reject(this.#ended);
    });
    // Most orders are awaited later or never: a participant that was killed must not end its parent.
    answer.catch(() => {});
    return answer;
  }

  async #listen(onStep: (step: Step) => void): Promise<void> {
    try {
      for (;;) {
        const message = requireParticipantMessage(await this.#child.next());
        if (message.at === 'step') onStep({ participant: this.name, ...message.step });
        else this.#waiting.shift()?.resolve(message.at === 'ready' ? { at: 'done' } : message);
      }
    } catch (error) {
      // It may have said something that none may say, and live on.
      this.#child.kill();
      this.#ended = asError(error);
      for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
    }
    await this.#child.gone;
  }
}
