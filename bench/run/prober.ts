/**
 * A process that looks, under the workers' identity, what can be done here: which places it reaches, which strategies
 * work in them and what their locks offer. It says one line of JSON for each answer, so that its parent knows at which
 * question it died, if it did.
 */
import { writeFileSync, writeSync } from 'node:fs';
import { loadStrategy } from '../../strategies/index.js';
import { now } from '../../strategies/posix/clock.js';
import { dieWithParent } from '../../strategies/posix/process.js';
import type { Site, Strategy } from '../../strategies/strategy.js';
import { drop, type Identity } from '../environment/identity.js';
import type { PlaceJob } from './job.js';
import { takeTurns } from './loop.js';
import { NUMBER_NAME } from './number-file.js';
import { openSite, placeOf } from './place.js';
import type { Members } from './policy.js';

export type Question =
  | { readonly about: 'place'; readonly place: PlaceJob }
  | { readonly about: 'strategy'; readonly strategy: string; readonly place: PlaceJob }
  | { readonly about: 'empty loop' };

export type Answer =
  | { readonly about: 'place'; readonly problem: string | null }
  | { readonly about: 'strategy'; readonly found: Finding }
  | { readonly about: 'empty loop'; readonly nsPerTurn: number };

/** What a strategy can do at a place. `shared`: whether its lock has a shared mode. */
export type Finding =
  | { readonly available: true; readonly members: Members; readonly shared: boolean }
  | { readonly available: false; readonly reason: string };

export interface ProberJob {
  readonly parentPid: number;
  readonly identity: Identity | null;
  readonly questions: readonly Question[];
}

export type ProberMessage =
  | { readonly at: 'answer'; readonly answer: Answer }
  | { readonly at: 'error'; readonly message: string };

const BLOCK_BYTES = 4096;

/** Whether the place can be reached and written to: what a full or a foreign directory refuses, it refuses here. */
function lookAtPlace(job: PlaceJob): string | null {
  try {
    writeFileSync(placeOf(job).path('probe'), Buffer.alloc(BLOCK_BYTES, 1), { flush: true });
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** One acquisition and one release, nobody else being there. */
async function tryOut(strategy: Strategy, site: Site): Promise<Extract<Finding, { available: true }>> {
  const lock = strategy.open(site);
  const members = { lock: lock.lock !== undefined, tryLock: lock.tryLock !== undefined };
  await lock.arrive?.();
  if (lock.tryLock === undefined) await lock.lock?.();
  else if (!(await lock.tryLock())) throw new Error('a lock that nobody holds is said to be held');
  await lock.unlock();
  lock.close();
  return { available: true, members, shared: lock.lockShared !== undefined };
}

async function lookAtStrategy(name: string, place: PlaceJob): Promise<Finding> {
  const strategy = await loadStrategy(name);
  try {
    const site = openSite(place, 0, NUMBER_NAME);
    const probed = strategy.probe?.(site) ?? { available: true };
    return probed.available ? await tryOut(strategy, site) : probed;
  } catch (error) {
    return { available: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** What the loop costs by itself: no lock, no file, the next number from memory. The best of some tries. */
function emptyLoopCost(): number {
  const turns = 20_000;
  const ledger = new Int32Array(turns);
  const nothing = (): void => {};
  let number = 1;
  const turn = { acquire: nothing, take: () => ++number, hold: nothing, unlock: nothing, think: nothing };
  let best = Number.POSITIVE_INFINITY;
  for (let lap = 0; lap < 20; lap++) {
    const start = now();
    takeTurns(turn, ledger, 0, turns, new Int32Array(1));
    best = Math.min(best, Number(now() - start) / turns);
  }
  return best;
}

async function answerTo(question: Question): Promise<Answer> {
  switch (question.about) {
    case 'place':
      return { about: 'place', problem: lookAtPlace(question.place) };
    case 'strategy':
      return { about: 'strategy', found: await lookAtStrategy(question.strategy, question.place) };
    case 'empty loop':
      return { about: 'empty loop', nsPerTurn: emptyLoopCost() };
  }
}

const say = (message: ProberMessage): number => writeSync(1, `${JSON.stringify(message)}\n`);

try {
  const { identity, parentPid, questions } = JSON.parse(process.argv[2] ?? '{}') as ProberJob;
  // Loaded as root: the tree that the program lies in may be closed to the user that it becomes.
  for (const question of questions) if (question.about === 'strategy') await loadStrategy(question.strategy);
  drop(identity);
  dieWithParent(parentPid);
  for (const question of questions) say({ at: 'answer', answer: await answerTo(question) });
  process.exit(0);
} catch (error) {
  say({ at: 'error', message: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
