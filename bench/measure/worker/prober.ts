/**
 * A process that looks, under the workers' identity, what can be done here: which places it reaches, which strategies
 * work in them and what their locks offer. It says one line of JSON for each answer, so that its parent knows at which
 * question it died, if it did.
 */

import { closeSync, fsyncSync, writeSync } from 'node:fs';
import { loadStrategy } from '../../../strategies/index.js';
import { now } from '../../../strategies/posix/clock.js';
import { dieWithParent } from '../../../strategies/posix/own-process.js';
import { messageOf } from '../../base/error-message.js';
import { runProgram, sayJson } from '../../base/program.js';
import { drop, type Identity } from '../../machine/identity.js';
import { STAMPS, tracing, type Work } from './instruments.js';
import type { RoundDirectoryJob } from './job.js';
import { openLockSite } from './lock-site.js';
import { takeTurns } from './loop.js';
import { NUMBER_NAME } from './number-file.js';
import { privateWords, watchWriter } from './owner-word.js';
import type { Members } from './policy.js';
import { tryOut } from './try-out.js';

export type Question =
  | { readonly about: 'round-directory'; readonly roundDirectory: RoundDirectoryJob }
  | { readonly about: 'strategy'; readonly strategy: string; readonly roundDirectory: RoundDirectoryJob }
  | { readonly about: 'empty loop' };

export type Answer =
  | { readonly about: 'round-directory'; readonly problem: string | null }
  | { readonly about: 'strategy'; readonly found: Finding }
  | { readonly about: 'empty loop'; readonly cost: LoopCost };

/** Ns per turn: of the loop by itself, no lock and no file, and what the instruments of a trace round add to it. */
export interface LoopCost {
  readonly loopNs: number;
  readonly instrumentsNs: number;
}

/** What a strategy can do at a place. */
export type Finding =
  | { readonly available: true; readonly members: Members }
  | {
      readonly available: false;
      readonly reason: string;
      /** Nothing was found out, since the file system does not answer. */
      readonly hangs?: true;
    };

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
function lookAtPlace(job: RoundDirectoryJob): string | null {
  try {
    const { fd } = openLockSite(job, 0, 'probe');
    writeSync(fd, Buffer.alloc(BLOCK_BYTES, 1));
    fsyncSync(fd);
    closeSync(fd);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

async function lookAtStrategy(name: string, roundDirectory: RoundDirectoryJob): Promise<Finding> {
  const strategy = await loadStrategy(name);
  try {
    const site = openLockSite(roundDirectory, 0, NUMBER_NAME);
    const probed = strategy.probe?.(site) ?? { available: true };
    return probed.available ? { available: true, members: await tryOut(strategy, site) } : probed;
  } catch (error) {
    return { available: false, reason: messageOf(error) };
  }
}

const EMPTY_TURNS = 20_000;
const EMPTY_LAPS = 20;

/** The best of some laps, per turn. */
function costOf(work: Work): number {
  const ledger = new Int32Array(EMPTY_TURNS);
  const stopFlag = new Int32Array(1);
  const turn = { ...work, acquire: nothing, unlock: nothing };
  let best = Number.POSITIVE_INFINITY;
  for (let lap = 0; lap < EMPTY_LAPS; lap++) {
    const start = now();
    takeTurns(turn, ledger, 0, EMPTY_TURNS, stopFlag);
    best = Math.min(best, Number(now() - start) / EMPTY_TURNS);
  }
  return best;
}

const nothing = (): void => {};

/** No lock, no file, the next number from memory. */
function loopCost(): LoopCost {
  let number = 1;
  const work = { take: () => ++number, hold: nothing, think: nothing };
  const loopNs = costOf(work);
  const stamps = new BigInt64Array(EMPTY_TURNS * STAMPS);
  const traced = tracing(work, watchWriter(privateWords(), 0, false), stamps);
  return { loopNs, instrumentsNs: costOf(traced.work) - loopNs };
}

async function answerTo(question: Question): Promise<Answer> {
  switch (question.about) {
    case 'round-directory':
      return { about: 'round-directory', problem: lookAtPlace(question.roundDirectory) };
    case 'strategy':
      return { about: 'strategy', found: await lookAtStrategy(question.strategy, question.roundDirectory) };
    case 'empty loop':
      return { about: 'empty loop', cost: loopCost() };
  }
}

const say: (message: ProberMessage) => void = sayJson;

async function work({ identity, parentPid, questions }: ProberJob): Promise<void> {
  // Loaded as root: the tree that the program lies in may be closed to the user that it becomes.
  for (const question of questions) if (question.about === 'strategy') await loadStrategy(question.strategy);
  drop(identity);
  dieWithParent(parentPid);
  for (const question of questions) say({ at: 'answer', answer: await answerTo(question) });
  process.exit(0);
}

await runProgram<ProberJob>(work);
