/**
 * What a worker is checked with: jobs, a control block and directories as a round's parent gives them, and a limit to every
 * wait, since a worker that is wrong may say nothing for ever.
 */
import type { Strategy } from '../../strategies/strategy.js';
import { formatDuration } from '../base/duration.js';
import type { Identity } from '../machine/identity.js';
import { Child, type Program } from '../measure/parent/child.js';
import { requireNext } from '../measure/parent/foreign-messages.js';
import type { ForeignWorker } from '../measure/parent/foreign-worker.js';
import { keepDirectory, USUAL_PATIENCE_NS } from '../measure/parent/kept-directories.js';
import { endedOrAbandoned } from '../measure/parent/patience.js';
import { memoryDirectory } from '../measure/parent/preflight.js';
import { PLAIN } from '../measure/parent/request.js';
import { jobOf, layoutOf, type RoundSpec } from '../measure/parent/round-spec.js';
import { removeAll } from '../measure/parent/unremoved.js';
import { ControlBlock } from '../measure/worker/control-block.js';
import type { RoundKind, WorkerJob, WorkerMessage } from '../measure/worker/job.js';
import { defaultPolicy, type Members } from '../measure/worker/policy.js';

/** What a worker got wrong: a sentence without its full stop. */
export class Wrong extends Error {
  override readonly name = 'Wrong';
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

/** A round of so many turns, or with these limits. */
export function specOf(
  { worker, strategy, directory, identity, patienceNs }: Subject,
  kind: RoundKind,
  members: Members,
  more: { readonly processes: number; readonly increments: number; readonly atLeastNs: number },
): RoundSpec {
  return {
    ...{ kind, strategy, identity, foreign: worker, policy: defaultPolicy(members) },
    conditions: {
      ...PLAIN,
      ...{ processes: more.processes, increments: more.increments, directory: { path: directory } },
    },
    memory: memoryDirectory(),
    processors: null,
    enoughHandoffs: 200,
    limits: { atLeastNs: more.atLeastNs, budgetNs: patienceNs / 2, timeLimitNs: patienceNs },
  };
}

/** Starts `program` with a job, lets `use` have it, and ends it whatever happens. */
export async function withChild<T>(
  { worker }: Subject,
  job: unknown,
  use: (child: Child<WorkerMessage>) => Promise<T>,
  { fd, program = worker.words }: { readonly fd?: number; readonly program?: Program } = {},
): Promise<T> {
  const child = new Child<WorkerMessage>(program, job, {
    cwd: worker.cwd,
    ...(fd === undefined ? {} : { fd }),
  });
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
  use: (job: WorkerJob['timed']) => Promise<T>,
): Promise<T> {
  const kept = await keepDirectory(directory, workers, strategy, identity, USUAL_PATIENCE_NS);
  try {
    return await use(kept.job);
  } finally {
    await removeAll([() => kept.destroy()]);
  }
}

/** Lets `use` have all that one worker needs for a round that it takes part in alone. */
export const withRound = <T>(
  subject: Subject,
  spec: RoundSpec,
  use: (job: WorkerJob, control: ControlBlock) => Promise<T>,
): Promise<T> =>
  withDirectory(subject, 1, (timed) =>
    withDirectory(subject, 1, async (rehearsal) => {
      const control = ControlBlock.create(layoutOf(spec));
      try {
        return await use(jobOf(spec, 0, { warmUp: null, rehearsal, timed }), control);
      } finally {
        control.release(false);
      }
    }),
  );
