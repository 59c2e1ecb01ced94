/**
 * Plays of workers that take orders, as `crash`, `order`, `prove` and `compat` give them.
 */
import { now } from '../../../strategies/posix/clock.js';
import { type KeptDirectory, USUAL_PATIENCE_NS } from '../../measure/parent/kept-directories.js';
import { FIRST_NUMBER } from '../../measure/worker/number-file.js';
import type { Members } from '../../measure/worker/policy.js';
import type { Step, What } from '../../scenario/steps-schema.js';
import { requireIdentity } from './stage-plays.js';
import { Taker, type TakerStart, TakesNone } from './taker.js';
import { type Subject, Wrong, withDirectory } from './worker-bench.js';

/** Lets `use` have workers that take orders in one directory, and ends those that it started. */
async function withTakers<T>(
  subject: Subject,
  members: Members,
  use: (start: (more?: Omit<TakerStart, 'originNs'>) => Promise<Taker>, kept: KeptDirectory) => Promise<T>,
): Promise<T> {
  return withDirectory(subject, 2, async (kept) => {
    const takers: Taker[] = [];
    const originNs = now();
    try {
      return await use(async (more) => {
        const taker = new Taker(subject, members, kept.job, { ...more, originNs });
        takers.push(taker);
        await taker.begin();
        return taker;
      }, kept);
    } finally {
      await Promise.all(takers.map(({ participant }) => participant.killOrAbandon()));
    }
  });
}

function numberOf(order: string, steps: readonly Step[], what: What, expected: number): void {
  const number = steps.find((step) => step.what === what)?.number;
  if (number !== expected)
    throw new Wrong(
      `of "${order}" the step "${what}" with "number":${expected} was expected, got ${number ?? 'none'}`,
    );
}

/** Between acquiring and unlocking it reads, writes and touches, wherever the number is. */
async function playTurns(subject: Subject, members: Members): Promise<void> {
  for (const number of ['apart', 'kept-open', 'reopened'] as const) {
    await withTakers(subject, members, async (start, kept) => {
      const taker = await start({ number });
      requireIdentity(subject, taker.participant.pid);
      const { answer } = await taker.must('members');
      if (
        JSON.stringify(Object.entries(answer.members ?? {}).sort()) !==
        JSON.stringify(Object.entries(members).sort())
      )
        throw new Wrong(
          `"members" was expected to answer as "look" does, got ${JSON.stringify(answer.members)}`,
        );
      await taker.must('acquire', 'asked', 'got-in');
      numberOf('read', (await taker.must('read', 'read')).steps, 'read', FIRST_NUMBER);
      numberOf('write', (await taker.must('write', 'wrote')).steps, 'wrote', FIRST_NUMBER + 1);
      await taker.must('renew');
      await taker.must('unlock', 'leaves', 'unlocked');
      const ms = 20;
      const turn = `turn ${ms}`;
      const { steps } = await taker.must(turn, 'asked', 'got-in', 'read', 'wrote', 'leaves', 'unlocked');
      numberOf(turn, steps, 'wrote', FIRST_NUMBER + 2);
      const [read = 0, wrote = 0] = ['read', 'wrote'].map(
        (what) => steps.find((step) => step.what === what)?.atNs,
      );
      // Half of it: a timer of whole milliseconds may come up to one early.
      if (wrote - read < (ms / 2) * 1e6)
        throw new Wrong(
          `"${turn}" was to wait for ${ms} ms between reading and writing, and did for ${(wrote - read) / 1e6}`,
        );
      await taker.must('close');
      await taker.must('acquire', 'asked', 'got-in');
      await taker.must('touch', 'touches');
      const final = await kept.number(USUAL_PATIENCE_NS);
      if (final !== FIRST_NUMBER + 2)
        throw new Wrong(`it says that it wrote ${FIRST_NUMBER + 2}, and the file "number" holds ${final}`);
    });
  }
}

/** An order that fails is answered, and those after it are carried out. */
async function playFailure(taker: Taker): Promise<void> {
  const order = 'dance';
  const answer = await taker.give(order);
  if (answer.at !== 'failed')
    throw new Wrong(`"${order}" is no order, and was answered by "${answer.at}" where "failed" was expected`);
  const [{ error = null } = {}] = taker.steps(order, 'failed');
  if (typeof error !== 'string')
    throw new Wrong(`of "${order}" the step "failed" was expected to have a text "error"`);
  await taker.must('members');
}

/** One has the lock, and another one does not get it until it is given back. */
async function playTwo(subject: Subject, members: Members): Promise<void> {
  await withTakers(subject, members, async (start) => {
    const [holder, other] = [await start({ workerIndex: 0 }), await start({ workerIndex: 1 })];
    await playFailure(holder);
    await holder.must('acquire', 'asked', 'got-in');
    if (members.tryLock) {
      const { answer } = await other.must('try');
      if (answer.got !== false)
        throw new Wrong(
          `"try" was expected to answer "got":false while another holds the lock, got ${answer.got}`,
        );
    }
    // Two orders at once: one after the other is carried out.
    const got = other.give('acquire');
    const left = other.give('unlock');
    const { steps } = await holder.must('unlock', 'leaves', 'unlocked');
    for (const answer of await Promise.all([got, left])) {
      if (answer.at === 'failed') throw new Wrong(`"acquire", then "unlock" failed: ${answer.message}`);
    }
    const waited = other.steps('acquire, unlock', 'asked', 'got-in', 'leaves', 'unlocked');
    const [leaves = 0, gotIn = 0] = [steps[0]?.atNs, waited[1]?.atNs];
    if (gotIn < leaves) throw new Wrong('it says "got-in" before the one that held the lock said "leaves"');
    if (members.tryLock) {
      const { answer } = await other.must('try', 'got-in');
      if (answer.got !== true)
        throw new Wrong(
          `"try" was expected to answer "got":true when nobody holds the lock, got ${answer.got}`,
        );
      await other.must('unlock', 'leaves', 'unlocked');
    }
    if (!members.shared) return;
    for (const taker of [holder, other]) {
      const { steps: shared } = await taker.must('acquire shared', 'asked', 'got-in');
      if (shared.some((step) => step.shared !== true))
        throw new Wrong('the steps of "acquire shared" were expected to have "shared":true');
    }
    await holder.must('unlock', 'leaves', 'unlocked');
    await other.must('unlock', 'leaves', 'unlocked');
    await other.must('turn shared 1', 'asked', 'got-in', 'read', 'leaves', 'unlocked');
  });
}

/** The orders that end it, and the step of each. */
const ENDS = [
  ['throw', 'threw'],
  ['exit', 'exited'],
  ['return', 'returned'],
] as const;

/** It ends as it is told to, and when there are no more orders. */
async function playEnds(subject: Subject, members: Members): Promise<void> {
  for (const [order, what] of ENDS) {
    await withTakers(subject, members, async (start) => {
      const taker = await start();
      taker.participant.tellToEnd(order);
      await taker.ends(`after "${order}"`);
      taker.steps(order, what);
      const how = taker.participant.howItEnded;
      if ((order === 'throw') === (how === 'ended with exit code 0'))
        throw new Wrong(`after "${order}" it ${how}`);
    });
  }
  await withTakers(subject, members, async (start) => {
    const taker = await start();
    taker.participant.noMoreOrders();
    await taker.ends('when there are no more orders');
  });
}

/** All that orders are. */
export async function playOrders(subject: Subject, members: Members): Promise<string | null> {
  try {
    await playTurns(subject, members);
  } catch (error) {
    if (!(error instanceof TakesNone)) throw error;
    return `takes no orders, which crash, order, prove and compat need: ${error.message}`;
  }
  await playTwo(subject, members);
  await playEnds(subject, members);
  return null;
}
