/**
 * What a worker counts while its round runs, for who looks on from outside: plain stores to memory that it alone writes, on a
 * cache line of its own, so that counting there costs what counting anywhere costs. Reading it disturbs nobody.
 */

/** The tallies, numbers of 8 bytes each, by their places. */
export const TALLIES = {
  /** 1 from when they are counted: a worker in another language may count nothing. */
  counts: 0,
  /** Tries that found the lock held. */
  failedTries: 1,
  /** Turns done, in a trace round; in others the ledger tells. */
  turns: 2,
  /** How often somebody was inside already, as the owner word tells. */
  violations: 3,
} as const;

/** Nobody else's, for warming up. */
export const privateTallies = (): Float64Array => new Float64Array(Object.keys(TALLIES).length);

/** Adds 1. */
export function count(tallies: Float64Array, which: number): void {
  tallies[which] = (tallies[which] ?? 0) + 1;
}
