/**
 * Who is inside, where no memory is shared: a referee is told "in" right after the lock was taken and "out" right before
 * it is given back, and the worker goes on when it has answered. Two that are in at once are a violation, whatever clocks
 * and caches say: the answer to an "out" comes before the unlock, which comes before the next one's "in".
 *
 * The worker puts its question into a word that it shares with a process of its own host, which passes it on, and sleeps on
 * that word until it is 0 again.
 */
import { now, sleep } from '../../../strategies/posix/clock.js';
import { futexWait, futexWakeAll } from '../../../strategies/posix/futex-wait.js';
import type { Address } from '../../../strategies/posix/libc.js';
import { xorshift32 } from '../../statistics/xorshift32.js';
import type { Work } from './instruments.js';
import type { Watch } from './owner-word.js';

/** What stands in the word. */
export const Asked = { nothing: 0, in: 1, out: 2 } as const;

/** The word, an array of one. */
export interface Question {
  readonly word: Int32Array;
  readonly address: Address;
}

/** For a worker. What it finds is the referee's to tell. */
export function watchByReferee({ word, address }: Question): Watch {
  const ask = (what: number): void => {
    Atomics.store(word, 0, what);
    while (Atomics.load(word, 0) !== Asked.nothing) futexWait(address, what);
  };
  return {
    enter: () => ask(Asked.in),
    leave: () => ask(Asked.out),
    found: () => ({ violations: 0, first: null }),
  };
}

/** However far away the referee is. */
const LONGEST_PAUSE_NS = 20e6;

/**
 * With pauses between turns that are as long as the turns themselves, at random. Asking the referee takes a worker so long
 * that it would otherwise hold the lock nearly all the time, and take it again before one that waits has woken up: seen as
 * 67 hand-offs in 10 s.
 */
export function pausingAsLong(work: Work, seed: number): Work {
  const random = xorshift32(seed);
  let tookAt = now();
  return {
    take() {
      tookAt = now();
      return work.take();
    },
    hold: work.hold,
    think() {
      const heldNs = Math.min(Number(now() - tookAt), LONGEST_PAUSE_NS);
      work.think();
      sleep(Math.floor(2 * random() * heldNs));
    },
  };
}

/** For the process that passes the question on: lets the worker go on. */
export function answer({ word, address }: Question): void {
  Atomics.store(word, 0, Asked.nothing);
  futexWakeAll(address);
}
