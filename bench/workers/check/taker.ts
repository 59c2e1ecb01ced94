/**
 * A worker that takes orders, as the plays of orders have it: each order has the steps and the answer that PROTOCOL.md says.
 */

import { processName } from '../../../strategies/index.js';
import { now } from '../../../strategies/posix/clock.js';
import { Told } from '../../base/told.js';
import type { RoundDirectoryJob } from '../../measure/worker/job.js';
import { defaultPolicy, type Members } from '../../measure/worker/policy.js';
import type { Answer, NumberUse } from '../../scenario/participant.js';
import { Participant } from '../../scenario/participant-process.js';
import type { Step, What } from '../../scenario/steps-schema.js';
import { type Subject, Wrong, within } from './worker-bench.js';

/** A worker that takes no orders says so: why. */
export class TakesNone extends Error {}

export interface TakerStart {
  /** What times are told since, by CLOCK_MONOTONIC. */
  readonly originNs: bigint;
  readonly number?: NumberUse;
  readonly workerIndex?: number;
}

export class Taker {
  readonly #subject: Subject;
  readonly #originNs: bigint;
  readonly #steps: Step[] = [];
  readonly participant: Participant;

  constructor(
    subject: Subject,
    members: Members,
    directory: RoundDirectoryJob,
    { originNs, number = 'apart', workerIndex = 0 }: TakerStart,
  ) {
    this.#subject = subject;
    this.#originNs = originNs;
    const { worker, strategy, identity } = subject;
    this.participant = new Participant(
      `worker ${workerIndex}`,
      {
        ...{ strategy: processName(strategy), policy: defaultPolicy(members), identity, workerIndex, number },
        ...{ roundDirectory: directory, originNs, foreign: worker },
      },
      (step) => this.#steps.push(step),
    );
  }

  /** Throws TakesNone if it says that it does not take orders. */
  async begin(): Promise<void> {
    try {
      await within(this.#subject, 'the message "ready"', this.participant.ready);
    } catch (error) {
      if (error instanceof Error && error.name === new Told('').name) throw new TakesNone(error.message);
      throw error;
    }
  }

  /** Gives an order and does not wait for what comes of it. */
  give(order: string): Promise<Answer> {
    return within(this.#subject, `the answer to "${order}"`, this.participant.ask(order));
  }

  /** The steps that came since this was asked last. Throws Wrong if they are others than these, in this order. */
  steps(order: string, ...expected: readonly What[]): Step[] {
    const steps = this.#steps.splice(0);
    const names = steps.map(({ what }) => what);
    if (names.join() !== expected.join())
      throw new Wrong(
        `of "${order}" the steps ${expected.join(', ') || '(none)'} were expected, got ${names.join(', ') || 'none'}`,
      );
    const sinceOrigin = Number(now() - this.#originNs);
    let last = 0;
    for (const { what, atNs } of steps) {
      if (atNs < last || atNs > sinceOrigin)
        throw new Wrong(
          `of "${order}" the step "${what}" is at ${atNs} ns, and ${last} to ${sinceOrigin} since originNs were expected`,
        );
      last = atNs;
    }
    return steps;
  }

  /** Gives an order that must succeed, with these steps. */
  async must(
    order: string,
    ...expected: readonly What[]
  ): Promise<{ answer: Extract<Answer, { at: 'done' }>; steps: Step[] }> {
    const answer = await this.give(order);
    if (answer.at === 'failed') throw new Wrong(`"${order}" failed: ${answer.message}`);
    return { answer, steps: this.steps(order, ...expected) };
  }

  /** Waits until it is gone. */
  async ends(why: string): Promise<void> {
    await within(this.#subject, `its end ${why}`, this.participant.gone);
  }
}
