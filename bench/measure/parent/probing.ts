/**
 * Asking a process what can be done in a directory, which may die of a question, or hang at it.
 */
import { dirname } from 'node:path';
import { messageOf } from '../../base/error-message.js';
import type { Identity } from '../../machine/identity.js';
import type { Answer, ProberJob, ProberMessage, Question } from '../worker/prober.js';
import { Child } from './child.js';
import { endedOrAbandoned, MEANS, MEANS_OF_OUTSIDE_LOCK, OutOfMeans, withinMeans } from './patience.js';

/** Why there is no answer. `hangs`: the prober waits for the directory's file system, as far as one can tell. */
export interface Unanswered {
  readonly about: 'nothing';
  readonly reason: string;
  readonly hangs: boolean;
}

/** The directory that a question is about; undefined for one about none. */
const askedOf = (question: Question | undefined): string | undefined =>
  question === undefined || question.about === 'empty loop'
    ? undefined
    : dirname(question.roundDirectory.dir);

/** What does not return is a lock from outside, or else the file system. */
const isOfOutsideLock = (question: Question | undefined): boolean =>
  question?.about === 'strategy' && question.strategy.startsWith('file:');

/** What a lock from outside did to the process that tried it, for who wrote it. */
function whatItDid(error: unknown): string {
  if (error instanceof OutOfMeans) return `a call of it does not return: ${error.message}`;
  return messageOf(error).replace(/^prober \d+ /, 'its process ');
}

/**
 * Asks a prober; the answers come in the order of the questions. Where one
 * question hung, no other is asked about that directory.
 */
export async function ask(
  questions: readonly Question[],
  identity: Identity | null,
  prefix: readonly string[] = [],
): Promise<(Answer | Unanswered)[]> {
  const answers: (Answer | Unanswered)[] = [];
  const hung = new Map<string | undefined, Unanswered>();
  /** Until there is one that may be asked. */
  const skip = (): void => {
    while (answers.length < questions.length) {
      const known = hung.get(askedOf(questions[answers.length]));
      if (known === undefined) return;
      answers.push(known);
    }
  };
  while (answers.length < questions.length) {
    const left = questions.slice(answers.length).filter((question) => !hung.has(askedOf(question)));
    // One that dies of importing a module shall die of that one alone.
    const ofOutside = left.findIndex(isOfOutsideLock);
    const some = ofOutside === -1 ? left : left.slice(0, Math.max(1, ofOutside));
    await askOne({ parentPid: process.pid, identity, questions: some }, prefix, (answer) => {
      if (answer.about === 'nothing' && answer.hangs) hung.set(askedOf(questions[answers.length]), answer);
      answers.push(answer);
      skip();
    });
  }
  return answers;
}

/** Asks until all is answered, or the prober dies of a question or hangs at it, which is its answer then. */
async function askOne(
  job: ProberJob,
  prefix: readonly string[],
  onAnswer: (answer: Answer | Unanswered) => void,
): Promise<void> {
  const prober = new Child<ProberMessage>(new URL('../worker/prober.js', import.meta.url), job, { prefix });
  let asked: Question | undefined;
  try {
    for (asked of job.questions) {
      // For each answer, not for all: over NFS, on emulated processors, a catalogue takes a minute.
      const means = isOfOutsideLock(asked) ? MEANS_OF_OUTSIDE_LOCK : MEANS;
      const { answer } = await withinMeans(prober.next(), prober.pid, () => means);
      await prober.requireSilence();
      onAnswer(answer);
    }
  } catch (error) {
    const isOutside = isOfOutsideLock(asked);
    const hangs = error instanceof OutOfMeans && error.sleeps && !isOutside;
    onAnswer({ about: 'nothing', reason: isOutside ? whatItDid(error) : messageOf(error), hangs });
  } finally {
    prober.kill();
    await endedOrAbandoned(prober);
  }
}
