/**
 * Plays of what a worker observes: words are set as another worker would leave them, and it is to find that.
 */
import { plural } from '../../base/format.js';
import type { WorkerFigures } from '../../measure/worker/job.js';
import type { Exclusion } from '../../measure/worker/owner-word.js';
import type { Members } from '../../measure/worker/policy.js';
import { playAlone, taken } from './lone-round.js';
import { type Subject, Wrong } from './worker-bench.js';

const TURNS = 20;
/** The index of a worker that is not there. */
const OTHER = 7;

/** Null of a worker that has no owner word. */
function foundIn({ exclusion }: WorkerFigures): Exclusion | null {
  return exclusion === 'intervals' ? null : exclusion;
}

function requireFound(figures: WorkerFigures, expected: number, beside: number | null, who: string): void {
  const found = foundIn(figures);
  if (found === null) return;
  const { violations, first } = found;
  if (violations !== expected)
    throw new Wrong(
      `${who} was inside during ${plural(expected, 'turn')}, and it says ${plural(violations, 'violation')}`,
    );
  const { turn, beside: told, atNs } = first ?? { turn: null, beside: undefined, atNs: 0 };
  if (turn !== 0 || told !== beside || atNs < figures.startNs || atNs > figures.endNs)
    throw new Wrong(
      `of the first violation, in turn 0 and beside ${beside} while it took turns, it says ${JSON.stringify(first)}`,
    );
}

/** Somebody is inside all the time, as the owner word says; or readers are. */
export async function playViolations(subject: Subject, members: Members): Promise<string | null> {
  const wanted = { kind: 'trace', increments: TURNS } as const;
  const hasWord = await playAlone(
    subject,
    members,
    wanted,
    { begin: ({ ownerWords }) => void Atomics.store(ownerWords.owner, 0, 1 + OTHER) },
    (figures, { control }) => {
      requireFound(figures, TURNS, OTHER, `worker ${OTHER}`);
      if (foundIn(figures) !== null && Atomics.load(control.ownerWords.owner, 0) !== 1 + OTHER)
        throw new Wrong('it took the owner word from the worker that was inside');
      return foundIn(figures) !== null;
    },
  );
  if (!hasWord) return 'has no owner word: its stamps tell when it was inside';
  await playAlone(
    subject,
    members,
    { ...wanted, conditions: { readers: 1 } },
    {
      job: { role: 'locker' },
      begin: ({ ownerWords }) => void Atomics.store(ownerWords.readers, 0, 1),
    },
    (figures) => requireFound(figures, TURNS, null, 'a reader'),
  );
  await playRobbed(subject, members);
  return null;
}

/** Somebody comes in while it is inside, which it sees when it leaves. */
async function playRobbed(subject: Subject, members: Members): Promise<void> {
  const hold = { kind: 'sleep', ns: 30e6 } as const;
  const wanted = { kind: 'trace', increments: 1, conditions: { hold } } as const;
  // A turn that was over before it was looked at shows nothing.
  for (let isRobbed = false; !isRobbed; ) {
    await playAlone(
      subject,
      members,
      wanted,
      {
        look({ ownerWords: { owner } }) {
          if (Atomics.compareExchange(owner, 0, 1, 1 + OTHER) === 1) isRobbed = true;
        },
      },
      (figures) => {
        if (isRobbed) requireFound(figures, 1, OTHER, `worker ${OTHER}, which came in later,`);
      },
    );
  }
}

/** So many turns may have been taken when it looks at the flag that it set itself. */
const MOST_AFTER_ENOUGH = 100;

/** It counts hand-offs, and ends when there were enough. */
export async function playHandoffs(subject: Subject, members: Members): Promise<null> {
  await playAlone(
    subject,
    members,
    { kind: 'prove', increments: TURNS, enoughHandoffs: 1 },
    {
      begin: ({ ownerWords }) => void Atomics.store(ownerWords.last, 0, 1 + OTHER),
      look(control) {
        const turns = taken(control);
        if (turns > MOST_AFTER_ENOUGH)
          throw new Wrong(
            `a prove round was to end after 1 hand-off, its first turn: it goes on, by ${turns} turns so far`,
          );
      },
    },
    (_, { control: { ownerWords, stopFlag } }) => {
      const [handoffs, last] = [ownerWords.handoffs, ownerWords.last].map((word) => Atomics.load(word, 0));
      if (handoffs !== 1 || last !== 1)
        throw new Wrong(
          `after worker ${OTHER} it came in, alone: 1 hand-off, and the word "last" 1, were expected, got ${handoffs} and ${last}`,
        );
      if (Atomics.load(stopFlag, 0) === 0)
        throw new Wrong('it did not set the stop flag when there had been enough hand-offs');
    },
  );
  return null;
}
