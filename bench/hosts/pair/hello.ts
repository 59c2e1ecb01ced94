/**
 * What each of the two says of itself before they begin, and what keeps them from going together.
 */
import { list } from '../../text/words.js';
import type { PairHost } from './pair-schema.js';

export interface OfferedLock {
  readonly strategy: string;
  /** Why it does not work there; null if it does. */
  readonly problem: string | null;
}

export interface Hello extends PairHost {
  readonly version: string;
  /** In the order in which they are tried. */
  readonly locks: readonly OfferedLock[];
}

const namesOf = ({ locks }: Hello): string => list(locks.map(({ strategy }) => strategy));

/** Why these two cannot be a pair, in one line, and what to do; null if they can. `ours` reads it. */
export function differences(ours: Hello, theirs: Hello): { message: string; hint: string } | null {
  if (ours.version !== theirs.version) {
    return {
      message: `the same lockbench was expected on both hosts, got ${ours.version} here and ${theirs.version} on ${theirs.name}`,
      hint: 'install the same one on both',
    };
  }
  if (namesOf(ours) !== namesOf(theirs)) {
    return {
      message: `the same locks were expected on both hosts, got ${namesOf(ours)} here and ${namesOf(theirs)} on ${theirs.name}`,
      hint: 'start the same command on both',
    };
  }
  return null;
}

/** Whether both came to the directory through one mount of one kernel: then nothing was tried between hosts. */
export const areOneHost = (a: PairHost, b: PairHost): boolean => a.boot === b.boot && a.device === b.device;
