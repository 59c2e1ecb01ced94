/**
 * Did every turn take a number of its own? The verdict on the sequence, from the numbers that each worker kept and the
 * number that stands in the file at the end. A lock that lets two in may still pass it by luck; one that excludes may
 * fail it on NFS, by a cache.
 */
import { FIRST_NUMBER } from '../worker/number-file.js';

export interface SequenceVerdict {
  readonly sequence: 'intact' | 'lost-updates';
  readonly turns: number;
  /** Turns whose number another turn took too. */
  readonly lost: number;
  /** What stands in the file, and what should. */
  readonly final: number;
  readonly expected: number;
}

/** `ledgers[i]`: the numbers that worker i took. The first number taken is the one after the file's first. */
export function judgeSequence(ledgers: readonly Int32Array[], final: number): SequenceVerdict {
  const turns = ledgers.reduce((sum, { length }) => sum + length, 0);
  const expected = FIRST_NUMBER + turns;
  const taken = new Uint8Array(expected + 1);
  // Numbers that this many turns cannot reach: read from a line that changed while it was read, or never written.
  const strange = new Set<number>();
  let distinct = 0;
  for (const ledger of ledgers) {
    for (const number of ledger) {
      if (number <= FIRST_NUMBER || number > expected) strange.add(number);
      else if (taken[number] === 0) {
        taken[number] = 1;
        distinct++;
      }
    }
  }
  const lost = turns - distinct - strange.size;
  const intact = lost === 0 && strange.size === 0 && final === expected;
  return { sequence: intact ? 'intact' : 'lost-updates', turns, lost, final, expected };
}
