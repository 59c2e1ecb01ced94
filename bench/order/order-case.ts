/**
 * Readers and writers: the textbook's three questions about a lock with a shared mode, asked of real processes.
 *
 *   two-readers           one reader is in, another asks: are they in together?
 *   reader-past-writer    a reader is in, a writer waits, another reader asks: is it let in past the writer?
 *   reader-asked-first,   a writer is in, a reader and a writer wait: who is served first when it unlocks?
 *   writer-asked-first
 *
 * Source: textbook, chapter 9, its programs on readers and writers that wait.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Policy } from '../measure/worker/policy.js';
import { intervalsOf, timeHeldTwice } from '../scenario/intervals.js';
import { LIMIT_NS } from '../scenario/participant-process.js';
import { Scenario, type ScenarioSpec } from '../scenario/scenario.js';
import type { Step } from '../scenario/steps-schema.js';
import type { Play } from './order-schema.js';
import type { Answered, Question } from './questions.js';

export const DEFAULT_TIMES = 5;

const PARTICIPANTS = ['reader 1', 'reader 2', 'writer 1', 'writer 2'] as const;
type Name = (typeof PARTICIPANTS)[number];

/** Who comes in first, and who asks then, in this order. */
const PARTS: Readonly<Record<Question, readonly [Name, ...Name[]]>> = {
  'two-readers': ['reader 1', 'reader 2'],
  'reader-past-writer': ['reader 1', 'writer 1', 'reader 2'],
  'reader-asked-first': ['writer 1', 'reader 1', 'writer 2'],
  'writer-asked-first': ['writer 1', 'writer 2', 'reader 1'],
};

const isReader = (name: string): boolean => name.startsWith('reader');

const INSIDE_MS = 20;
const SETTLING_NS = 30e6;

/** So long after it asked, one that could be let in has been: a poller has tried again by then. */
function settlingNs(policy: Policy): number {
  if (policy.kind === 'sleep') return SETTLING_NS + 2 * policy.ns;
  return policy.kind === 'backoff' ? SETTLING_NS + 2 * policy.toNs : SETTLING_NS;
}

/**
 * Asks each question this often, of the same processes. `onPlay` is called before each play. Throws an Error that says why
 * if a question could not be played.
 */
export function playOrder(
  spec: ScenarioSpec,
  questions: readonly Question[],
  times: number,
  onPlay: (question: Question) => void,
): Promise<Map<Question, Play[]>> {
  return Scenario.play(spec, PARTICIPANTS, async (scenario) => {
    await Promise.all(PARTICIPANTS.map((name) => scenario.participant(name).must('members')));
    const plays = new Map<Question, Play[]>();
    for (const question of questions) {
      const all: Play[] = [];
      plays.set(question, all);
      for (let i = 0; i < times; i++) {
        onPlay(question);
        all.push(await ask(scenario, question, settlingNs(spec.policy)));
      }
    }
    return plays;
  });
}

/** Plays a question once: all parts end outside of the lock. */
async function ask(scenario: Scenario, question: Question, waitNs: number): Promise<Play> {
  const beganNs = scenario.nowNs();
  const [first, ...others] = PARTS[question];
  const own = (steps: readonly Step[]): Step[] => steps.filter(({ atNs }) => atNs >= beganNs);
  await scenario.participant(first).must(isReader(first) ? 'acquire shared' : 'acquire');
  for (const name of others) {
    void scenario.participant(name).ask(`turn ${isReader(name) ? 'shared ' : ''}${INSIDE_MS}`);
    await mustHappen(scenario, own, name, 'asked');
    await delay(waitNs / 1e6);
  }
  await scenario.participant(first).must('unlock');
  for (const name of others) await mustHappen(scenario, own, name, 'unlocked');
  const timeline = own(scenario.steps).map((step) => ({ ...step, atNs: step.atNs - beganNs }));
  return { ...judgeOrder(question, timeline), timeline };
}

/** Waits for a step of a participant in this play. Throws an Error if a call failed, or if it does not come. */
async function mustHappen(
  scenario: Scenario,
  own: (steps: readonly Step[]) => Step[],
  name: Name,
  what: Step['what'],
): Promise<void> {
  const failed = (steps: readonly Step[]): Step | undefined =>
    own(steps).find((step) => step.what === 'failed');
  const happened = await scenario.until(
    (steps) =>
      failed(steps) !== undefined ||
      own(steps).some((step) => step.participant === name && step.what === what),
    LIMIT_NS,
  );
  const failure = failed(scenario.steps);
  if (failure !== undefined) throw new Error(`${failure.participant}: ${failure.error}`);
  if (!happened) throw new Error(`${name}: "${what}" was expected and did not come`);
}

/** The answer to a question, from the steps of one play in the order of time. */
export function judgeOrder(question: Question, steps: readonly Step[]): Pick<Play, 'answer' | 'heldTwiceNs'> {
  const [first, ...others] = PARTS[question];
  const atNs = (name: string, what: Step['what']): number => {
    const step = steps.find((one) => one.participant === name && one.what === what);
    if (step === undefined) throw new Error(`${question}: ${name}: "${what}" was expected among the steps`);
    return step.atNs;
  };
  const answer = (): Answered => {
    if (question === 'two-readers' || question === 'reader-past-writer') {
      const inBeside = atNs('reader 2', 'got-in') < atNs(first, 'leaves');
      if (question === 'two-readers') return inBeside ? 'together' : 'one by one';
      return inBeside ? 'let in' : 'queues';
    }
    const [served] = [...others].sort((a, b) => atNs(a, 'got-in') - atNs(b, 'got-in'));
    return isReader(served ?? '') ? 'reader first' : 'writer first';
  };
  return { answer: answer(), heldTwiceNs: timeHeldTwice(intervalsOf(steps)) };
}
