/**
 * The parent's side of a scenario: a fresh place, participants on it, and the time line of what they say. However a scenario
 * ends, its participants are killed and its place is removed.
 */

import { processName } from '../../strategies/index.js';
import { now } from '../../strategies/posix/clock.js';
import type { Strategy } from '../../strategies/strategy.js';
import type { Identity } from '../machine/identity.js';
import type { ForeignWorker } from '../measure/parent/foreign-worker.js';
import { type KeptDirectory, keepDirectory, USUAL_PATIENCE_NS } from '../measure/parent/kept-directories.js';
import { removeAll } from '../measure/parent/unremoved.js';
import type { RoundDirectoryJob } from '../measure/worker/job.js';
import { NUMBER_NAME } from '../measure/worker/number-file.js';
import type { Policy } from '../measure/worker/policy.js';
import type { NumberUse } from './participant.js';
import { Participant } from './participant-process.js';
import type { Step, What } from './steps-schema.js';

/** What is played, and where. */
export interface ScenarioSpec {
  readonly strategy: Strategy;
  readonly policy: Policy;
  /** The program that takes part, where it is none of ours. */
  readonly foreign?: ForeignWorker;
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
   * Plays with participants of these names, all of them ready, in a fresh directory, which is removed. Throws what the place,
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
      const participants = [...scenario.#participants.values()];
      await Promise.all(participants.map(({ ready }) => ready));
      const played = await play(scenario);
      await Promise.all(participants.map((participant) => participant.requireSilence()));
      return played;
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

  /** CLOCK_MONOTONIC in ns when the scenario was set up, which its times count from. */
  get originNs(): bigint {
    return this.#originNs;
  }

  /** Nanoseconds since the scenario was set up. */
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
    const { strategy, policy, identity, number = 'apart', foreign } = this.spec;
    const casting = {
      ...{ strategy: processName(strategy), policy, identity, number, prefix },
      ...{ roundDirectory: this.roundDirectory, workerIndex, originNs: this.#originNs },
      ...(foreign && { foreign }),
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
