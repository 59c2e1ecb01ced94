/**
 * One page of shared memory for a place, zeros at first: what the strategies share that keep their lock in memory.
 * It has a name, derived from the token, since a worker is not always a child of the process that made it.
 */
import type { Address } from '../posix/libc.js';
import {
  createNamed,
  type Mapping,
  openNamed,
  removeNamed,
  shmPath,
  withNamed,
} from '../posix/shared-memory.js';
import type { RoundDirectory } from '../strategy.js';

const BYTES = 4096;
const NODE_BYTES = 128;

const nameOf = ({ token }: Pick<RoundDirectory, 'token'>): string => `${token}.page`;

/** Where a round's page lies: removing that file removes the lock. */
export const pagePath = (named: Pick<RoundDirectory, 'token'>): string => shmPath(nameOf(named));
export const preparePage = (roundDirectory: RoundDirectory): void =>
  createNamed(nameOf(roundDirectory), BYTES);
/**
 * Memory for a queue: a word for its end, then a node for each process and one more, 128 bytes apart, so that who looks at one
 * is not disturbed by who writes to another.
 */
export const prepareQueue = (roundDirectory: RoundDirectory): void =>
  createNamed(nameOf(roundDirectory), NODE_BYTES * (2 + roundDirectory.workers));
/** The same for a lock whose memory has to be made one first. */
export function prepareLockPage(roundDirectory: RoundDirectory, init: (lock: Address) => void): void {
  preparePage(roundDirectory);
  withNamed(nameOf(roundDirectory), BYTES, init);
}
export const openPage = (roundDirectory: RoundDirectory): Mapping => openNamed(nameOf(roundDirectory), BYTES);
/** The same as words. */
export const openWords = (roundDirectory: RoundDirectory): Int32Array =>
  new Int32Array(openPage(roundDirectory).buffer);
export const destroyPage = (roundDirectory: RoundDirectory): void => removeNamed(nameOf(roundDirectory));
