/**
 * Plays of one worker that contends with nobody: it looks at its lock, refuses what it cannot know, and times pairs.
 */
import { Told } from '../../base/told.js';
import type { Child } from '../../measure/parent/child.js';
import { requireMembers } from '../../measure/parent/foreign-messages.js';
import { type LookJob, type PairsJob, PROTOCOL, type WorkerMessage } from '../../measure/worker/job.js';
import { defaultPolicy, type Members } from '../../measure/worker/policy.js';
import {
  endsAfter,
  heard,
  requireExit,
  type Subject,
  Wrong,
  withChild,
  withDirectory,
  within,
} from './worker-bench.js';

const lookJob = ({ identity, strategy }: Subject, timed: LookJob['timed']): LookJob => ({
  ...{ protocol: PROTOCOL, task: 'look', parentPid: process.pid, identity },
  ...{ strategy: strategy.name, timed },
});

/** It tries its lock out, says what the lock offers, and ends. */
export function playLook(subject: Subject): Promise<Members> {
  return withDirectory(subject, 1, ({ job }) =>
    withChild(subject, lookJob(subject, job), async (child) => {
      const message = await within(subject, 'the message "found"', child.next());
      if (message.at === 'unavailable')
        throw new Wrong(`it says that its lock is unavailable: ${message.reason}`);
      if (message.at !== 'found') throw new Wrong(`it said "${message.at}" where "found" was expected`);
      await endsAfter(subject, child, 'found');
      await child.requireSilence();
      return requireMembers(message.members);
    }),
  );
}

/** What a worker does with a job that it may not do: null if it says why in an error, or what it said instead. */
async function saidInstead(subject: Subject, child: Child<WorkerMessage>): Promise<string | null> {
  try {
    const { at } = await within(subject, 'the message "error"', child.next());
    return `it said "${at}"`;
  } catch (error) {
    if (error instanceof Wrong || !(error instanceof Told)) throw error;
    await within(subject, 'its end after "error"', child.gone);
    if (error.name === 'ProgramEnded') return `it said nothing, and ${child.howItEnded}`;
    requireExit(child, 1, 'error');
    return null;
  }
}

/** Jobs with one member that a worker must not accept, and what it did wrong if it does. */
const REFUSED: readonly { readonly wrong: string; change(job: LookJob): object }[] = [
  {
    wrong: `it is to refuse a job of protocol ${PROTOCOL + 1}, which it cannot know, by an "error"`,
    change: (job) => ({ ...job, protocol: PROTOCOL + 1 }),
  },
  {
    wrong:
      'it is to end by an "error" when another directory than the one of its job has the path (its inode tells)',
    change: (job) => ({ ...job, timed: { ...job.timed, inode: '1' } }),
  },
  {
    wrong: 'it is to end by an "error" when its parent is not parentPid, which has ended then',
    change: (job) => ({ ...job, parentPid: process.ppid }),
  },
];

/** It refuses what it cannot know, and what it must not touch. */
export async function playRefusals(subject: Subject): Promise<null> {
  for (const { wrong, change } of REFUSED) {
    const instead = await withDirectory(subject, 1, ({ job }) =>
      withChild(subject, change(lookJob(subject, job)), (child) => saidInstead(subject, child)),
    );
    if (instead !== null) throw new Wrong(`${wrong}: ${instead}`);
  }
  return null;
}

const SAMPLES = 7;
const PAIRS_PER_SAMPLE = 11;

/** It times as many samples as it is asked for. */
export function playPairs(subject: Subject, members: Members): Promise<string | null> {
  return withDirectory(subject, 1, ({ job: timed }) => {
    const job: PairsJob = {
      ...{ ...lookJob(subject, timed), task: 'pairs', policy: defaultPolicy(members) },
      ...{ samples: SAMPLES, pairsPerSample: PAIRS_PER_SAMPLE },
    };
    return withChild(subject, job, async (child) => {
      const said = await heard(subject, child, 'pairs').catch((error: Error) => error);
      if (said instanceof Error) {
        if (said.name !== 'Told') throw said;
        return `times no pairs, which the command "pairs" needs: ${said.message}`;
      }
      const { ns } = said;
      if (!Array.isArray(ns) || ns.some((one) => typeof one !== 'number' || !(one > 0)))
        throw new Wrong('"pairs" was expected to have "ns", a list of numbers above 0');
      if (ns.length !== SAMPLES) throw new Wrong(`it was to time ${SAMPLES} samples, and says ${ns.length}`);
      await endsAfter(subject, child, 'pairs');
      return null;
    });
  });
}
