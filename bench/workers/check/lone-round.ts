/**
 * A round that one worker takes part in alone, so that all that it does can be watched and prepared.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { now } from '../../../strategies/posix/clock.js';
import type { Child } from '../../measure/parent/child.js';
import { requireDone } from '../../measure/parent/foreign-messages.js';
import { type ControlBlock, Stage } from '../../measure/worker/control-block.js';
import type { WorkerFigures, WorkerMessage } from '../../measure/worker/job.js';
import type { Members } from '../../measure/worker/policy.js';
import {
  endsAfter,
  heard,
  type RoundParts,
  type Subject,
  specOf,
  type Wanted,
  Wrong,
  withChild,
  withRound,
} from './worker-bench.js';

/** Between two looks at what a worker writes. */
const LOOK_MS = 1;

/** What is done, or looked at, while it goes on; each may throw Wrong. */
export interface Acts {
  /** What its job has otherwise. */
  readonly job?: object;
  /** Before it is started. */
  begin?(control: ControlBlock): void;
  /** Once it has said "warm", before the rehearsal. */
  warm?(parts: RoundParts, child: Child<WorkerMessage>): void;
  /** Once it has said "ready", before the gate opens. */
  ready?(parts: RoundParts, child: Child<WorkerMessage>): void | Promise<void>;
  /** Again and again, until it has said "done". */
  look?(control: ControlBlock): void;
}

/** How many numbers stand in the ledger. */
export function taken(control: ControlBlock): number {
  const end = control.ledger(0).indexOf(0);
  return end === -1 ? control.layout.capacity : end;
}

async function lookUntil(isOver: () => boolean, look: () => void): Promise<void> {
  while (!isOver()) {
    look();
    await pause(LOOK_MS);
  }
}

/** Plays it, and lets `use` have its figures and its parts once it has ended. */
export function playAlone<T>(
  subject: Subject,
  members: Members,
  wanted: Wanted,
  acts: Acts,
  use: (figures: WorkerFigures, parts: RoundParts) => T | Promise<T>,
): Promise<T> {
  return withRound(subject, specOf(subject, members, wanted), (parts) => {
    const { control } = parts;
    const job = { ...parts.job, ...acts.job };
    acts.begin?.(control);
    return withChild(
      subject,
      job,
      async (child) => {
        await heard(subject, child, 'warm');
        acts.warm?.(parts, child);
        control.open(Stage.rehearsal);
        await heard(subject, child, 'ready');
        await acts.ready?.(parts, child);
        const early = taken(control);
        if (early > 0) throw new Wrong(`it took ${early} numbers before the gate opened`);
        control.gateNs = now();
        control.open(Stage.timed);
        const done = heard(subject, child, 'done');
        const { figures } = await whileLooking(
          done,
          () => acts.look?.(control),
          () => child.kill(),
        );
        const checked = requireDone(figures, wanted.kind, control.layout);
        await endsAfter(subject, child, 'done');
        await child.requireSilence();
        return use(checked, parts);
      },
      { fd: control.fd },
    );
  });
}

/** Passes `work` on. What `look` throws ends it by `end`, since a worker that is wrong may go on for ever. */
async function whileLooking<T>(work: Promise<T>, look: () => void, end: () => void): Promise<T> {
  let isOver = false;
  const watched = lookUntil(() => isOver, look);
  try {
    return await Promise.race([work, watched.then(() => work)]);
  } catch (error) {
    end();
    throw error;
  } finally {
    isOver = true;
    await Promise.allSettled([watched, work]);
  }
}
