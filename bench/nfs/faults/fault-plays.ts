/**
 * What is done in each fault, and what is waited for then. A fault of a host or of the network strikes all that goes on
 * there: several scenarios, one for each lock and version of NFS, are played side by side, and live through the same fault.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Lab } from '../../lab/lab.js';
import { resetNumberFile } from '../../measure/parent/number-text.js';
import { roundDirectoryOf } from '../../measure/worker/lock-site.js';
import { NUMBER_NAME } from '../../measure/worker/number-file.js';
import { HOLDER } from '../../scenario/overtaking.js';
import { within } from '../../scenario/participant-process.js';
import type { Scenario } from '../../scenario/scenario.js';
import type { Step, What } from '../../scenario/steps-schema.js';
import type { FaultName } from './fault-names.js';
import { BYSTANDER } from './fault-verdict.js';

/** Who asks before the fault, and who after it. */
export const WAITER = 'waiter';
export const NEWCOMER = 'newcomer';
const OTHERS = [WAITER, NEWCOMER];

/** Where each of them runs. */
export const HOST_OF: Readonly<Record<string, string>> = {
  [HOLDER]: 'client1',
  [WAITER]: 'client2',
  [NEWCOMER]: 'client3',
  [BYSTANDER]: 'client3',
};
const STRUCK = 'client1';

/** So long is one of the others inside, in ms: another beside it would be seen. */
const TURN = 'turn 200';
const SETTLING_MS = 500;
/** The cut that a lock should survive. */
const SHORT_CUT_MS = 5_000;
/** Between the stop of the server and its start. */
const OUTAGE_MS = 1_000;
/** Nothing that is to be seen after the death of a mere process takes longer. */
const QUICK_NS = 5e9;
const UNSTICKING_NS = 10e9;
/** A call over a network that was cut comes back when TCP tries again, whose pauses grow with the cut. */
const LIMIT_NS = 120e9;

export interface Pair {
  /** Of the holder and those who want its lock. */
  readonly scenario: Scenario;
  /** Of who wants a lock that nobody holds; null if the fault does not ask for it. */
  readonly free: Scenario | null;
}

export interface Circumstances {
  readonly lab: Lab;
  readonly pairs: readonly Pair[];
  /** So long is waited for something that may take as long as the lease. */
  readonly patienceNs: number;
}

const isIn = ({ participant, what }: Step): boolean => OTHERS.includes(participant) && what === 'got-in';
const someIn = (steps: readonly Step[]): boolean => steps.some(isIn);
const ended = (name: string) => (steps: readonly Step[]) =>
  steps.some(({ participant, what }) => participant === name && (what === 'unlocked' || what === 'failed'));
const allEnded = (steps: readonly Step[]): boolean => OTHERS.every((name) => ended(name)(steps));

/** The plays that are played side by side. */
class Plays {
  constructor(private readonly circumstances: Circumstances) {}

  /** Does something in each pair at the same time. */
  async each(action: (pair: Pair) => Promise<unknown>): Promise<void> {
    await Promise.all(this.circumstances.pairs.map(action));
  }

  note(participant: string, what: What): void {
    for (const { scenario } of this.circumstances.pairs) scenario.note(participant, what);
  }

  /** Waits until it is so in all scenarios, or for so long. */
  until(holds: (steps: readonly Step[]) => boolean, ns: number): Promise<void> {
    return this.each(({ scenario }) => scenario.until(holds, ns));
  }

  /** The holder is inside and has read the number; one waits. */
  async assemble(): Promise<void> {
    await this.each(async ({ scenario, free }) => {
      await Promise.all([HOLDER, ...OTHERS].map((name) => scenario.participant(name).must('members')));
      await free?.participant(BYSTANDER).must('members');
      await scenario.participant(HOLDER).must('acquire');
      await scenario.participant(HOLDER).must('read');
      void scenario.participant(WAITER).ask(TURN);
    });
    await delay(SETTLING_MS);
  }

  newcomersAsk(): void {
    for (const { scenario } of this.circumstances.pairs) void scenario.participant(NEWCOMER).ask(TURN);
  }

  /** They do nothing any more. */
  endHolders(by: 'SIGKILL' | 'SIGSTOP'): void {
    this.note(HOLDER, 'killed');
    for (const { scenario } of this.circumstances.pairs) scenario.participant(HOLDER).signal(by);
  }

  /** What fails is for the time line to tell, and no failure of ours. */
  async holdersGoOn(): Promise<void> {
    await this.each(async ({ scenario }) => {
      const holder = scenario.participant(HOLDER);
      void holder.ask('write');
      await within(LIMIT_NS, 'unlock by the holder', holder.ask('unlock'));
    });
  }

  /** Somebody gets in, or nobody does for so long; then the others have their turns. */
  async settle(ns: number): Promise<void> {
    await this.each(async ({ scenario }) => {
      if (await scenario.until(someIn, ns)) await scenario.until(allEnded, ns);
    });
  }
}

type Play = (plays: Plays, circumstances: Circumstances) => Promise<void>;

async function cutFor(plays: Plays, lab: Lab, wait: () => Promise<unknown>): Promise<void> {
  plays.note('network', 'cut');
  await lab.cut(STRUCK);
  plays.newcomersAsk();
  await wait();
  await lab.heal(STRUCK);
  plays.note('network', 'healed');
  await plays.holdersGoOn();
}

/**
 * Its host loses power. What is dead does nothing any more: a process that is killed does, it asks the server to take its
 * locks back, and hangs in that for as long as the network is cut.
 */
async function losePower(plays: Plays, lab: Lab): Promise<void> {
  plays.note('network', 'cut');
  await lab.cut(STRUCK);
  plays.endHolders('SIGSTOP');
}

const PLAYS: Readonly<Record<FaultName, Play>> = {
  async 'client-killed'(plays, { patienceNs }) {
    plays.endHolders('SIGKILL');
    plays.newcomersAsk();
    await plays.settle(Math.min(QUICK_NS, patienceNs));
  },
  async 'client-dies'(plays, { lab, patienceNs }) {
    await losePower(plays, lab);
    plays.newcomersAsk();
    await plays.settle(patienceNs);
  },
  async 'client-rebooted'(plays, { lab, patienceNs }) {
    await losePower(plays, lab);
    plays.newcomersAsk();
    plays.note(STRUCK, 'halted');
    await lab.reboot(STRUCK);
    plays.note(STRUCK, 'booted');
    await plays.settle(patienceNs);
  },
  async 'cut-short'(plays, { lab, patienceNs }) {
    await cutFor(plays, lab, () => delay(SHORT_CUT_MS));
    await plays.settle(patienceNs);
  },
  async 'cut-long'(plays, { lab, patienceNs }) {
    await cutFor(plays, lab, () => plays.until(someIn, patienceNs));
    await plays.settle(patienceNs);
  },
  async 'server-restart'(plays, { lab, pairs, patienceNs }) {
    plays.note('server', 'server-stopped');
    await lab.stopServer();
    plays.newcomersAsk();
    for (const { free } of pairs) void free?.participant(BYSTANDER).ask('acquire');
    await delay(OUTAGE_MS);
    await lab.startServer();
    plays.note('server', 'server-started');
    // When a lock that nobody holds is given away, the time in which clients claim theirs is over.
    await plays.each(async ({ free }) =>
      free?.until((steps) => steps.some(({ what }) => what === 'got-in'), patienceNs),
    );
    await plays.each(async ({ free }) => free?.participant(BYSTANDER).must('unlock'));
    await delay(SETTLING_MS);
    await plays.holdersGoOn();
    await plays.settle(patienceNs);
  },
};

/**
 * Makes a pair ready for another fault, the lab being mended: starting processes takes longer than most faults. A lock
 * that is stuck is cleared away, as by an administrator; who died, or was told that its lock is lost, is replaced.
 */
async function reset(lab: Lab, { scenario, free }: Pair): Promise<void> {
  const did = (name: string, what: What): boolean =>
    scenario.steps.some((step) => step.participant === name && step.what === what);
  const isWaiting = (name: string): boolean => did(name, 'asked') && !ended(name)(scenario.steps);
  const stuck = OTHERS.filter(isWaiting);
  if (stuck.length > 0) {
    await scenario.removeNames();
    await scenario.until((now) => stuck.every((name) => ended(name)(now)), UNSTICKING_NS);
  }
  const spoilt = (name: string): boolean => did(name, 'killed') || isWaiting(name) || did(name, 'failed');
  for (const name of [HOLDER, ...OTHERS].filter(spoilt)) {
    await scenario.recast(name, lab.host(HOST_OF[name] ?? '').prefix);
  }
  resetNumberFile(roundDirectoryOf(scenario.roundDirectory).path(NUMBER_NAME));
  scenario.forget();
  free?.forget();
}

/**
 * Plays a fault in all scenarios at once. Returns the steps of each, in the order of time, up to when it was over; what was
 * done to the lab has to be mended then. Throws an Error that says why if it could not be played.
 */
export async function playFault(fault: FaultName, circumstances: Circumstances): Promise<Step[][]> {
  const plays = new Plays(circumstances);
  await plays.each((pair) => reset(circumstances.lab, pair));
  await plays.assemble();
  await PLAYS[fault](plays, circumstances);
  plays.note('parent', 'ended');
  return circumstances.pairs.map(stepsOf);
}

/** Of both scenarios, since the first step, up to the first end. */
function stepsOf({ scenario, free }: Pair): Step[] {
  const shiftNs = free === null ? 0 : Number(free.originNs - scenario.originNs);
  const beside = (free?.steps ?? []).map((step) => ({ ...step, atNs: step.atNs + shiftNs }));
  const all = [...scenario.steps, ...beside].sort((a, b) => a.atNs - b.atNs);
  const beganNs = all[0]?.atNs ?? 0;
  const end = all.findIndex(({ what }) => what === 'ended') + 1;
  return all.slice(0, end).map((step) => ({ ...step, atNs: step.atNs - beganNs }));
}
