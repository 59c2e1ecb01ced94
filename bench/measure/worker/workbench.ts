/**
 * What a worker works at: an open lock, the number file and the instruments of the round's kind, joined into turns.
 */

import { sleep, spin } from '../../../strategies/posix/clock.js';
import type { AsyncLock, AsyncStrategy, Lock, Strategy, SyncStrategy } from '../../../strategies/strategy.js';
import type { Pause } from '../result/result-schema.js';
import { delayed, proving, STAMPS, tracing, type Work } from './instruments.js';
import type { RoundDirectoryJob, WorkerJob } from './job.js';
import { LOCKED_NAME, openLockSite } from './lock-site.js';
import { takeTurns, takeTurnsAsync } from './loop.js';
import { keptOpen, NUMBER_NAME, type NumberFile, reopened } from './number-file.js';
import {
  countingHandoffs,
  type Exclusion,
  type OwnerWords,
  privateWords,
  watchReader,
  watchWriter,
} from './owner-word.js';
import { pausingAsLong, type Question, watchByReferee } from './refereed-watch.js';
import { privateTallies } from './tallies.js';
import { asReader, asyncWaiter, waiter } from './waiting.js';

export interface Workbench {
  /** Called right before the first of the timed turns. */
  begin(): void;
  take(ledger: Int32Array, from: number, count: number, stopFlag: Int32Array): number | Promise<number>;
  failedTries(): number;
  changedReads(): number;
  /** What the owner word told, times since `originNs`; null in a timing round. */
  exclusion(originNs: bigint): Exclusion | null;
  close(): void;
}

/** What the instruments of a round write to: the workers' common memory, or a worker's own for warming up. */
export interface Surroundings {
  readonly words: OwnerWords;
  readonly stamps: BigInt64Array;
  readonly stopFlag: Int32Array;
  /** Of a round that has a referee. */
  readonly question?: Question;
  /** Zeros at first. */
  readonly tallies: Float64Array;
}

const SOME_TURNS = 1_000;

/** As if the others were there: nothing that this worker does with it is seen by any other. */
export const alone = (): Surroundings => ({
  words: privateWords(),
  stamps: new BigInt64Array(SOME_TURNS * STAMPS),
  stopFlag: new Int32Array(1),
  tallies: privateTallies(),
});

const pauser = (pause: Pause | null): (() => void) => {
  if (pause === null) return () => {};
  const { ns } = pause;
  return pause.kind === 'spin' ? () => spin(ns) : () => sleep(ns);
};

/** What is done inside of the lock. A reader reads twice, with the hold time between, and counts what differs. */
function workOf(
  { role, conditions: { hold, think } }: WorkerJob,
  number: NumberFile,
): { work: Work; changedReads(): number } {
  const pauses = { hold: pauser(hold), think: pauser(think) };
  if (role !== 'reader') return { work: { take: number.take, ...pauses }, changedReads: () => 0 };
  let changedReads = 0;
  let before = 0;
  return {
    changedReads: () => changedReads,
    work: {
      take() {
        before = number.look();
        return before;
      },
      hold() {
        pauses.hold();
        const after = number.look();
        if (after === -1 || after !== before) changedReads++;
      },
      think: pauses.think,
    },
  };
}

/** Adds what the round's kind looks at. */
function instrumented(
  job: WorkerJob,
  work: Work,
  { words, stamps, stopFlag, tallies, question }: Surroundings,
): Pick<Workbench, 'begin' | 'exclusion'> & { work: Work } {
  const { kind, role, workerIndex, conditions, enoughHandoffs } = job;
  if (kind === 'timing') return { work, begin() {}, exclusion: () => null };
  if (kind === 'prove' && question !== undefined) {
    const watch = watchByReferee(question);
    const proven = pausingAsLong(proving(work, watch, workerIndex), workerIndex + 1);
    return { work: proven, begin() {}, exclusion: watch.found };
  }
  const watch =
    role === 'reader'
      ? watchReader(words, tallies)
      : watchWriter(words, workerIndex, conditions.readers > 0, tallies);
  if (kind === 'trace') return { ...tracing(work, watch, stamps, tallies), exclusion: watch.found };
  const who = role === 'reader' ? null : workerIndex;
  const counting = countingHandoffs(watch, words, who, enoughHandoffs, stopFlag);
  // There is room where another worker has no instructions for the owner word: all are judged by their stamps then.
  if (stamps.length > 0)
    return { ...tracing(delayed(work, workerIndex), counting, stamps, tallies), exclusion: watch.found };
  return { work: proving(work, counting, workerIndex), begin() {}, exclusion: watch.found };
}

/** The loop over a lock as the worker's role has it. */
function turnsOf(
  strategy: SyncStrategy | AsyncStrategy,
  lock: Lock | AsyncLock,
  { role, policy, workerIndex }: WorkerJob,
  work: Work,
  tallies: Float64Array,
): Pick<Workbench, 'take' | 'failedTries'> {
  if (strategy.calls === 'synchronous') {
    const mine = role === 'reader' ? asReader(lock as Lock) : (lock as Lock);
    const { acquire, failedTries } = waiter(mine, policy, workerIndex, tallies);
    const turn = { ...work, acquire, unlock: mine.unlock };
    return {
      take: (ledger, from, count, stopFlag) => takeTurns(turn, ledger, from, count, stopFlag),
      failedTries,
    };
  }
  const mine = role === 'reader' ? asReader(lock as AsyncLock) : (lock as AsyncLock);
  const { acquire, failedTries } = asyncWaiter(mine, policy, workerIndex, tallies);
  const turn = { ...work, acquire, unlock: mine.unlock };
  return {
    take: (ledger, from, count, stopFlag) => takeTurnsAsync(turn, ledger, from, count, stopFlag),
    failedTries,
  };
}

/** Opens the lock at a place. */
export function openWorkbench(
  strategy: Strategy,
  job: WorkerJob,
  roundDirectory: RoundDirectoryJob,
  surroundings: Surroundings,
): Workbench {
  const isKeptOpen = job.conditions.number === 'kept-open';
  const site = openLockSite(roundDirectory, job.workerIndex, isKeptOpen ? NUMBER_NAME : LOCKED_NAME);
  const path = site.path(NUMBER_NAME);
  const number = isKeptOpen ? keptOpen(path, site.fd) : reopened(path);
  const { work, changedReads } = workOf(job, number);
  const { work: observed, begin, exclusion } = instrumented(job, work, surroundings);
  const lock = strategy.open(site);
  return {
    ...turnsOf(strategy, lock, job, observed, surroundings.tallies),
    begin,
    changedReads,
    exclusion,
    close: lock.close,
  };
}
