/**
 * The owner word: a word of shared memory that says who is inside, set by those inside. The lock is not asked, so that
 * a lock that lets two in cannot hide it. An entry that finds somebody there is one violation; it clears nothing, so
 * that the one who was there first is not taken for gone.
 *
 * Readers are counted in a word of their own. Writer and reader each announce themselves before they look for the other,
 * with instructions that no processor reorders: of two that overlap, at least one sees it.
 */
import { now } from '../../../strategies/posix/clock.js';
import { count, privateTallies, TALLIES } from './tallies.js';

/** The words that all workers of a round share, each an array of one, on cache lines of their own. */
export interface OwnerWords {
  /** 0, or 1 + the index of the worker that is inside alone. */
  readonly owner: Int32Array;
  /** How many readers are inside. */
  readonly readers: Int32Array;
  /** Who came in last: 1 + the index of a writer, or that it was a reader; 0 at first. */
  readonly last: Int32Array;
  /** How often the one who came in was not the one who had come in before, all readers being one. */
  readonly handoffs: Int32Array;
}

/** The first time that a worker found somebody inside; `beside` is a worker's index, or null for some reader. */
export interface Violation {
  readonly atNs: number;
  readonly turn: number;
  readonly beside: number | null;
}

export interface Exclusion {
  readonly violations: number;
  readonly first: Violation | null;
}

/** What one worker calls, inside of the lock: `enter` first, `leave` last. */
export interface Watch {
  enter(): void;
  leave(): void;
  /** What was found since the watch was made; times are ns since `originNs`, CLOCK_MONOTONIC. */
  found(originNs: bigint): Exclusion;
}

/** Words of nobody else's, for warming up. */
export const privateWords = (): OwnerWords => ({
  owner: new Int32Array(1),
  readers: new Int32Array(1),
  last: new Int32Array(1),
  handoffs: new Int32Array(1),
});

function recorder(tallies: Float64Array): {
  violate(beside: number | null): void;
  turn(): void;
  found: Watch['found'];
} {
  let violations = 0;
  let turns = 0;
  let first: { readonly at: bigint; readonly turn: number; readonly beside: number | null } | null = null;
  return {
    violate(beside) {
      violations++;
      count(tallies, TALLIES.violations);
      first ??= { at: now(), turn: turns, beside };
    },
    turn() {
      turns++;
    },
    found: (originNs) => ({
      violations,
      first:
        first === null ? null : { atNs: Number(first.at - originNs), turn: first.turn, beside: first.beside },
    }),
  };
}

/** For one who must be alone inside. `withReaders`: whether there may be readers to look for. */
export function watchWriter(
  words: OwnerWords,
  workerIndex: number,
  withReaders: boolean,
  tallies: Float64Array = privateTallies(),
): Watch {
  const { owner, readers } = words;
  const { violate, turn, found } = recorder(tallies);
  const id = workerIndex + 1;
  let alone = true;
  return {
    enter() {
      const seen = Atomics.compareExchange(owner, 0, 0, id);
      alone = seen === 0;
      if (!alone) violate(seen - 1);
      else if (withReaders && Atomics.load(readers, 0) !== 0) violate(null);
    },
    leave() {
      if (alone) {
        const seen = Atomics.compareExchange(owner, 0, id, 0);
        if (seen !== id) violate(seen - 1);
      }
      turn();
    },
    found,
  };
}

/** For one who may be inside with others of his kind, and with no writer. */
export function watchReader({ owner, readers }: OwnerWords, tallies: Float64Array = privateTallies()): Watch {
  const { violate, turn, found } = recorder(tallies);
  return {
    enter() {
      Atomics.add(readers, 0, 1);
      const seen = Atomics.load(owner, 0);
      if (seen !== 0) violate(seen - 1);
    },
    leave() {
      Atomics.sub(readers, 0, 1);
      turn();
    },
    found,
  };
}

const SOME_READER = -1;

/**
 * Counts hand-offs besides, and sets word 0 of `stopFlag` when there were `enough`. `workerIndex`: null for a reader. One
 * reader after another is no hand-off: a lock lets both in at once, and a proof of many would say nothing about the writer.
 */
export function countingHandoffs(
  watch: Watch,
  { last, handoffs }: OwnerWords,
  workerIndex: number | null,
  enough: number,
  stopFlag: Int32Array,
): Watch {
  const id = workerIndex === null ? SOME_READER : workerIndex + 1;
  return {
    ...watch,
    enter() {
      watch.enter();
      const previous = Atomics.exchange(last, 0, id);
      if (previous === id || previous === 0) return;
      if (Atomics.add(handoffs, 0, 1) + 1 >= enough) Atomics.store(stopFlag, 0, 1);
    },
  };
}
