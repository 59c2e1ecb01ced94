/**
 * The parent's side of a scenario: a fresh place, participants on it, and the time line of what they say. However a scenario
 * ends, its participants are killed and its place is removed.
 */

import { now } from '../../strategies/posix/clock.js';
import type { Strategy } from '../../strategies/strategy.js';
import { formatDuration } from '../base/duration.js';
import type { Identity } from '../machine/identity.js';
import { Child } from '../measure/parent/child.js';
import { type KeptDirectory, keepDirectory, USUAL_PATIENCE_NS } from '../measure/parent/kept-directories.js';
import { endedOrAbandoned } from '../measure/parent/patience.js';
import { removeAll } from '../measure/parent/unremoved.js';
import type { RoundDirectoryJob } from '../measure/worker/job.js';
import { NUMBER_NAME } from '../measure/worker/number-file.js';
import type { Policy } from '../measure/worker/policy.js';
import type { Answer, NumberUse, ParticipantJob, ParticipantMessage } from './participant.js';
import type { Step, What } from './steps-schema.js';

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
export interface Casting {
  readonly strategy: string;
  readonly policy: Policy;
  readonly identity: Identity | null;
  readonly roundDirectory: RoundDirectoryJob;
  readonly workerIndex: number;
  readonly originNs: bigint;
  readonly number?: NumberUse;
  /** A command to run it by, such as strace with its options. */
  readonly prefix?: readonly string[];
}

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
    { prefix = [], number = 'apart', originNs, ...rest }: Casting,
    onStep: (step: Step) => void = () => {},
  ) {
    // Under another program our process is not the participant's parent.
    const parentPid = prefix.length === 0 ? process.pid : null;
    const job: ParticipantJob = { ...rest, number, parentPid, originNs: String(originNs) };
    this.#child = new Child<ParticipantMessage>(new URL('participant.js', import.meta.url), job, {
      prefix,
      takesOrders: true,
    });
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

  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    if (signal === 'SIGKILL') this.#mayEnd = true;
    this.#child.kill(signal);
  }

  /** SIGKILL, and waits until the kernel has taken all back. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.gone;
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
        const message = await this.#child.next();
        if (message.at === 'step') onStep({ participant: this.name, ...message.step });
        else this.#waiting.shift()?.resolve(message.at === 'ready' ? { at: 'done' } : message);
      }
    } catch (error) {
      this.#ended = error instanceof Error ? error : new Error(String(error));
      for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
    }
    await this.#child.gone;
  }
}

/** What is played, and where. */
export interface ScenarioSpec {
  readonly strategy: Strategy;
  readonly policy: Policy;
  readonly directory: string;
  readonly identity: Identity | null;
  readonly number?: NumberUse;
  /** Commands to run participants by, by their names. */
  readonly prefixes?: Readonly<Record<string, readonly string[]>>;
}

export class Scenario {
  readonly #participants = new Map<string, Participant>();
  readonly #steps: Step[] = [];
  readonly #originNs = now();
  #wake: () => void = () => {};
  /** Why a participant ended that nobody told to. */
  #failure: Error | null = null;

  private constructor(
    private readonly spec: ScenarioSpec,
    private readonly made: KeptDirectory,
  ) {}

  /**
   * Plays on a fresh stage with participants of these names, all of them ready, and clears the stage. Throws what the place,
   * the strategy or the play throws.
   */
  static async play<T>(
    spec: ScenarioSpec,
    names: readonly string[],
    play: (scenario: Scenario) => Promise<T>,
  ): Promise<T> {
    const { directory, strategy, identity } = spec;
    const made = await keepDirectory(directory, names.length, strategy, identity, USUAL_PATIENCE_NS);
    const scenario = new Scenario(spec, made);
    try {
      for (const [workerIndex, name] of names.entries()) {
        scenario.#roles(name, workerIndex, spec.prefixes?.[name] ?? []);
      }
      await Promise.all([...scenario.#participants.values()].map(({ ready }) => ready));
      return await play(scenario);
    } finally {
      await scenario.#clear();
    }
  }

  /** All that was said so far, in the order of time. */
  get steps(): Step[] {
    return [...this.#steps].sort((a, b) => a.atNs - b.atNs);
  }

  get roundDirectory(): RoundDirectoryJob {
    return this.made.job;
  }

  /** The number that stands in the file. */
  number(): Promise<number> {
    return this.made.number(USUAL_PATIENCE_NS);
  }

  /** Removes all names but the number's, as a tidy administrator would, or what empties /tmp. */
  removeNames(): Promise<void> {
    return this.made.removeNames([NUMBER_NAME]);
  }

  participant(name: string): Participant {
    const participant = this.#participants.get(name);
    if (participant === undefined) throw new Error(`a participant was expected, got "${name}"`);
    return participant;
  }

  /** CLOCK_MONOTONIC in ns when the stage was set up, which its times count from. */
  get originNs(): bigint {
    return this.#originNs;
  }

  /** Nanoseconds since the stage was set up. */
  nowNs(): number {
    return Number(now() - this.#originNs);
  }

  /** A step of the parent's, or one that a process that is being killed cannot tell. */
  note(participant: string, what: What): void {
    this.#add({ participant, what, atNs: this.nowNs() });
  }

  /** What was said so far is not part of what is played from now on. */
  forget(): void {
    this.#steps.length = 0;
  }

  /**
   * Waits until `holds`, which is asked anew after each step, or until so long has passed. Returns whether it does. Throws
   * an Error that says why if a participant ends that nobody told to.
   */
  async until(holds: (steps: readonly Step[]) => boolean, ns: number): Promise<boolean> {
    const endNs = this.nowNs() + ns;
    for (;;) {
      if (this.#failure !== null) throw this.#failure;
      if (holds(this.#steps)) return true;
      const leftMs = (endNs - this.nowNs()) / 1e6;
      if (leftMs <= 0) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Has a participant, dead or alive, replaced by a new process, run by `prefix`; it is ready then. */
  async recast(name: string, prefix: readonly string[]): Promise<void> {
    await this.participant(name).kill();
    this.#roles(name, [...this.#participants.keys()].indexOf(name), prefix);
    await this.participant(name).ready;
  }

  #roles(name: string, workerIndex: number, prefix: readonly string[]): void {
    const { strategy, policy, identity, number = 'apart' } = this.spec;
    const casting = {
      ...{ strategy: strategy.name, policy, identity, number, prefix },
      ...{ roundDirectory: this.roundDirectory, workerIndex, originNs: this.#originNs },
    };
    const participant = new Participant(name, casting, (step) => this.#add(step));
    this.#participants.set(name, participant);
    void participant.gone.then(() => {
      if (!participant.mayEnd) this.#failure ??= participant.ended;
      this.#wake();
    });
  }

  #add(step: Step): void {
    this.#steps.push(step);
    this.#wake();
  }

  async #clear(): Promise<void> {
    await Promise.all([...this.#participants.values()].map((participant) => participant.killOrAbandon()));
    await removeAll([() => this.made.destroy()]);
  }
}
