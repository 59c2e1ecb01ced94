/**
 * The crash: one process holds the lock and has read the number, three wait for the lock, and then something happens to
 * the holder, or to the lock's names, before it can write the number back. Who gets in, when, and beside whom?
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Claims } from '../../strategies/strategy.js';
import { policyName } from '../measure/worker/policy.js';
import { HOLDER, overtakers } from '../scenario/overtaking.js';
import { LIMIT_NS, type Participant, within } from '../scenario/participant-process.js';
import { Scenario, type ScenarioSpec } from '../scenario/scenario.js';
import type { Step } from '../scenario/steps-schema.js';
import type { CrashEvent } from './crash-events.js';
import type { BrokenClaim, PlayedCrash } from './crash-schema.js';
import { isDying, judgeCrash, strikeOf } from './crash-verdict.js';

export const DEFAULT_PATIENCE_NS = 1e9;
/** A lease runs out when somebody looks, by a clock that may be coarse. */
const LEASE_MARGIN = 1.25;

const WAITERS = ['waiter 1', 'waiter 2', 'waiter 3'];
/** Opens the lock only after its names have been removed. */
const NEWCOMER = 'newcomer';
/** What a waiter does; each is inside for long enough that another beside it would be seen. */
const TURN = 'turn 20';
/** From the last one's asking until the event: by then all of them wait in the kernel, or between two tries. */
const SETTLING_MS = 50;
/** How often a healthy holder renews its lease, if its lock has one. */
const RENEWAL_NS = 100e6;

/** The patience for a lock: not less than `leastNs`, and long enough for its lease, if it has one, to be seen to run out. */
export const patienceFor = ({ leaseNs }: Claims, leastNs: number): number =>
  leaseNs === undefined ? leastNs : Math.max(leastNs, LEASE_MARGIN * leaseNs + DEFAULT_PATIENCE_NS);

export interface CrashSpec extends ScenarioSpec {
  readonly event: CrashEvent;
  /** So long is waited for something to happen; longer than any time after which a lock counts as stale. */
  readonly patienceNs: number;
  /** After that, so long may nothing happen until the story counts as over; `patienceNs` if left out. */
  readonly settlingNs?: number;
}

/** What a result calls the lock that was played. */
export const lockOf = ({ strategy, policy, foreign }: ScenarioSpec) => ({
  strategy: strategy.name,
  wait: policyName(policy),
  ...(foreign && { runtime: foreign.runtime }),
});

/** Plays one scenario. Throws an Error that says why if it could not be played. */
export function playCrash(spec: CrashSpec): Promise<PlayedCrash> {
  const { event, patienceNs, settlingNs = patienceNs } = spec;
  const others = event === 'unlink' ? [...WAITERS, NEWCOMER] : WAITERS;
  return Scenario.play(spec, [HOLDER, ...others], async (scenario) => {
    await assemble(scenario);
    await strike(scenario, spec);
    await settle(scenario, others, settlingNs);
    scenario.note('parent', 'ended');
    const { steps } = scenario;
    const beganNs = steps[0]?.atNs ?? 0;
    const timeline = steps.map((step) => ({ ...step, atNs: step.atNs - beganNs }));
    return {
      ...lockOf(spec),
      event,
      state: 'played',
      ...judgeCrash(event, timeline, await scenario.number()),
      alone: true,
      timeline,
    };
  });
}

/** The holder is inside and has read the number; the others have asked, one after the other, and wait. */
async function assemble(scenario: Scenario): Promise<void> {
  // What opening costs shall not be part of any wait.
  await Promise.all([HOLDER, ...WAITERS].map((name) => scenario.participant(name).must('members')));
  const holder = scenario.participant(HOLDER);
  await holder.must('acquire');
  await holder.must('read');
  for (const name of WAITERS) {
    void scenario.participant(name).ask(TURN);
    const asked = (step: Step) => step.participant === name && step.what === 'asked';
    if (!(await scenario.until((steps) => steps.some(asked), LIMIT_NS)))
      throw new Error(`${name} does not ask`);
  }
  await delay(SETTLING_MS);
}

async function strike(scenario: Scenario, { event, patienceNs, strategy }: CrashSpec): Promise<void> {
  const holder = scenario.participant(HOLDER);
  /** Until somebody was in although the holder still is, and has left: then there is nothing more to wait for. */
  const overtaken = (ns = patienceNs): Promise<boolean> =>
    scenario.until((steps) => {
      const since = strikeOf(steps, event) ?? Number.POSITIVE_INFINITY;
      const [first] = overtakers(steps, since);
      return first !== undefined && hasEndedTurn(steps, first.participant);
    }, ns);
  /** The same, of a holder that is well: what befalls it shall be the event's doing, and not that a lease ran out. */
  const overtakenAlive = async (): Promise<void> => {
    if (strategy.claims.leaseNs === undefined) return void (await overtaken());
    const endNs = scenario.nowNs() + patienceNs;
    while (scenario.nowNs() < endNs && !(await overtaken(RENEWAL_NS))) {
      if ((await holder.ask('renew')).at === 'failed') return;
    }
  };
  switch (event) {
    case 'kill':
      scenario.note(HOLDER, 'killed');
      holder.signal('SIGKILL');
      break;
    case 'exception':
      holder.tellToEnd('throw');
      break;
    case 'exit':
    case 'return':
      holder.tellToEnd(event);
      break;
    case 'stop':
      scenario.note(HOLDER, 'stopped');
      holder.signal('SIGSTOP');
      await overtaken();
      scenario.note(HOLDER, 'continued');
      holder.signal('SIGCONT');
      break;
    case 'close':
      await holder.must('touch');
      await overtakenAlive();
      break;
    case 'unlink':
      scenario.note('parent', 'removed-names');
      await scenario.removeNames();
      void scenario.participant(NEWCOMER).ask(TURN);
      await overtakenAlive();
      break;
  }
  if (isDying(event)) await within(LIMIT_NS, 'the end of the holder', holder.gone);
  else await goOn(holder);
}

/** The holder finishes what it was at. That its unlock fails is for the time line to tell, and no failure of ours. */
async function goOn(holder: Participant): Promise<void> {
  await holder.must('write');
  await within(LIMIT_NS, 'unlock by the holder', holder.ask('unlock'));
}

const hasEndedTurn = (steps: readonly Step[], name: string): boolean =>
  steps.some(({ participant, what }) => participant === name && (what === 'unlocked' || what === 'failed'));

/** Waits until all have had their turn, or nothing has happened for so long. */
async function settle(scenario: Scenario, names: readonly string[], ns: number): Promise<void> {
  let seen: number;
  do {
    seen = scenario.steps.length;
    if (await scenario.until((steps) => names.every((name) => hasEndedTurn(steps, name)), ns)) return;
  } while (scenario.steps.length > seen);
}

/**
 * Whether nobody got in before a lease had run out. Then nothing was released, though the one who got in does not say that
 * it took the lock over: who removes a stale lock and who makes the next may be two.
 */
function ranOut({ timeline, firstIn, eventNs, afterNs }: PlayedCrash, { leaseNs }: Claims): boolean {
  const held = timeline.find(({ participant, what }) => participant === HOLDER && what === 'got-in');
  if (leaseNs === undefined || firstIn === null || afterNs === null || held === undefined) return false;
  return eventNs + afterNs - held.atNs >= leaseNs;
}

/**
 * What a scenario has to say about its strategy's claims: `kill` about the holder's death, `stop` about exclusion, and
 * each about exclusion before anything happened. That a lock with a lease is `kept` breaks no claim: the patience may be
 * shorter than the lease. Null if no claim was broken. `asRoot`: the participants were root.
 */
export function brokenClaim(played: PlayedCrash, claims: Claims, asRoot: boolean): BrokenClaim | null {
  const { strategy, runtime, event, outcome, heldTwiceNs } = played;
  const of = { strategy, ...(runtime !== undefined && { runtime }) };
  const excludes = asRoot ? claims.excludesAsRoot : claims.excludes;
  const lets = (observed: string): BrokenClaim | null =>
    excludes ? { ...of, claim: 'excludes', claimed: 'one holder at a time', observed } : null;
  if (outcome === 'not-excluded') return lets('two before anything happened');
  const isTakenOver = claims.holderDies === 'taken-over' && outcome === 'released' && ranOut(played, claims);
  // What a user's own lock claims nobody knows, but that it excludes.
  if (event === 'kill' && runtime !== 'worker' && outcome !== claims.holderDies && !isTakenOver) {
    return { ...of, claim: 'holderDies', claimed: claims.holderDies, observed: outcome };
  }
  if (event === 'stop' && claims.leaseNs === undefined && (outcome === 'overtaken' || heldTwiceNs > 0))
    return lets('two at a time');
  return null;
}
