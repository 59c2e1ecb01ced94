/**
 * What a worker is checked with: jobs, a control block and directories as a round's parent gives them, and a limit to every
 * wait, since a worker that is wrong may say nothing for ever.
 */
import type { Strategy } from '../../../strategies/strategy.js';
import { formatDuration } from '../../base/duration.js';
import { ProgramEnded } from '../../base/told.js';
import type { Identity } from '../../machine/identity.js';
import { Child, type Program } from '../../measure/parent/child.js';
import { requireNext } from '../../measure/parent/foreign-messages.js';
import type { ForeignWorker } from '../../measure/parent/foreign-worker.js';
import {
  type KeptDirectory,
  keepDirectory,
  USUAL_PATIENCE_NS,
} from '../../measure/parent/kept-directories.js';
import { endedOrAbandoned } from '../../measure/parent/patience.js';
import { memoryDirectory } from '../../measure/parent/preflight.js';
import { PLAIN } from '../../measure/parent/request.js';
import { jobOf, layoutOf, type RoundSpec } from '../../measure/parent/round-spec.js';
import { removeAll } from '../../measure/parent/unremoved.js';
import { ControlBlock } from '../../measure/worker/control-block.js';
import type { RoundConditions, RoundKind, WorkerJob, WorkerMessage } from '../../measure/worker/job.js';
import { defaultPolicy, type Members, type Policy } from '../../measure/worker/policy.js';

/** What a worker got wrong: a sentence without its full stop. */
export class Wrong extends Error {
  override readonly name = 'Wrong';
}

/** What a play shows, in words that follow on "ok"; one that this worker need not play says why. */
export interface Play {
  readonly shows: string;
  /** Null when all was well, or why it was not played. Throws Wrong, or an Error of what the worker said. */
  play(subject: Subject, members: Members): Promise<string | null>;
}

/** Who is checked, and where. */
export interface Subject {
  readonly worker: ForeignWorker;
  readonly strategy: Strategy;
  readonly directory: string;
  readonly identity: Identity | null;
  /** How long a worker may take for what it does next, ns. */
  readonly patienceNs: number;
}

/** Passes on what comes of `work`. Throws Wrong, saying what was waited for, when that takes too long. */
export async function within<T>({ patienceNs }: Subject, awaited: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Wrong(`${awaited} was expected, and did not come for ${formatDuration(patienceNs)}`)),
      patienceNs / 1e6,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The next message of a worker, which is to be this one. Throws Wrong. */
export async function heard<At extends WorkerMessage['at']>(
  subject: Subject,
  child: Child<WorkerMessage>,
  at: At,
): Promise<Extract<WorkerMessage, { at: At }>> {
  return within(subject, `the message "${at}"`, requireNext(child, at));
}

/** What a round is to be besides what all are. */
export interface Wanted {
  readonly kind: RoundKind;
  readonly increments: number;
  readonly conditions?: Partial<RoundConditions>;
  readonly policy?: Policy;
  readonly atLeastNs?: number;
  readonly enoughHandoffs?: number;
}

/** A round of one process that takes so many turns, unless `wanted` says otherwise. */
export function specOf(
  { worker, strategy, directory, identity, patienceNs }: Subject,
  members: Members,
  { kind, increments, conditions, policy, atLeastNs = 0, enoughHandoffs = 200 }: Wanted,
): RoundSpec {
  return {
    ...{ kind, strategy, identity, foreign: worker, policy: policy ?? defaultPolicy(members) },
    conditions: {
      ...PLAIN,
      ...{ processes: 1, increments, directory: { path: directory } },
      ...conditions,
    },
    memory: memoryDirectory(),
    processors: null,
    enoughHandoffs,
    limits: { atLeastNs, budgetNs: patienceNs / 2, timeLimitNs: patienceNs },
  };
}

/** A version to come may add members, which may be called as those that there are, and hold anything. */
const LATER = { later: { task: 'pairs', lap: 3, processor: 9_999, text: '"at":"}]{[\\"\u00fc' } };

/** Starts `program` with a job, lets `use` have it, and ends it whatever happens. */
export async function withChild<T>(
  { worker }: Subject,
  job: object,
  use: (child: Child<WorkerMessage>) => Promise<T>,
  { fd, program = worker.words }: { readonly fd?: number; readonly program?: Program } = {},
): Promise<T> {
  const child = new Child<WorkerMessage>(
    program,
    { ...LATER, ...job },
    { cwd: worker.cwd, ...(fd === undefined ? {} : { fd }) },
  );
  try {
    return await use(child);
  } finally {
    child.kill();
    await endedOrAbandoned(child);
  }
}

/** Lets `use` have a fresh directory, which is removed whatever happens. */
export async function withDirectory<T>(
  { directory, strategy, identity }: Subject,
  workers: number,
  use: (directory: KeptDirectory) => Promise<T>,
): Promise<T> {
  const kept = await keepDirectory(directory, workers, strategy, identity, USUAL_PATIENCE_NS);
  try {
    return await use(kept);
  } finally {
    await removeAll([() => kept.destroy()]);
  }
}

/** What one worker needs for a round that it takes part in alone. */
export interface RoundParts {
  readonly job: WorkerJob;
  readonly control: ControlBlock;
  readonly rehearsal: KeptDirectory;
  readonly timed: KeptDirectory;
}

/** Lets `use` have these parts. */
export const withRound = <T>(
  subject: Subject,
  spec: RoundSpec,
  use: (parts: RoundParts) => Promise<T>,
): Promise<T> =>
  withDirectory(subject, 1, (timed) =>
    withDirectory(subject, 1, async (rehearsal) => {
      const control = ControlBlock.create(layoutOf(spec));
      try {
        const directories = { warmUp: null, rehearsal: rehearsal.job, timed: timed.job };
        return await use({ job: jobOf(spec, 0, directories), control, rehearsal, timed });
      } finally {
        control.release(false);
      }
    }),
  );

/** After its last message it says nothing more, and ends as one that succeeded. */
export async function endsAfter(subject: Subject, child: Child<WorkerMessage>, last: string): Promise<void> {
  await within(subject, `its end after "${last}"`, child.gone);
  try {
    const { at } = await child.next();
    throw new Wrong(`it said "${at}" after "${last}", which is the last message`);
  } catch (error) {
    if (!(error instanceof ProgramEnded)) throw error;
  }
  requireExit(child, 0, last);
}

/** It has ended with this exit code. Throws Wrong. */
export function requireExit(child: Child<WorkerMessage>, code: number, last: string): void {
  const how = `ended with exit code ${code}`;
  if (child.howItEnded !== how)
    throw new Wrong(`after "${last}" it ${child.howItEnded}; exit code ${code} was expected`);
}
