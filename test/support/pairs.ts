/**
 * Two that were started to meet in a directory.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownerOf } from '../../bench/machine/owner-name.js';
import { until } from './limit.js';
import { type Started, type StartOptions, start } from './support.js';

/** A lock at which both stay until they are ended. */
export const NEVER_HAD = fileURLToPath(new URL('../fixtures/never-had.js', import.meta.url));

export const startPair = (directory: string, words: readonly string[], options: StartOptions = {}): Started =>
  start(['hosts', '--pair', '--dir', directory, '--stay-root', ...words], options);

/** Of a start, its directories. */
const directoriesOf = (directory: string, { pid }: Started): string[] =>
  readdirSync(directory).filter((name) => ownerOf(name)?.pid === pid);

const has = (directory: string, start: Started, name: RegExp): boolean =>
  directoriesOf(directory, start).some((own) => {
    try {
      return readdirSync(join(directory, own)).some((entry) => name.test(entry));
    } catch {
      // It was removed after it was listed.
      return false;
    }
  });

/** Until others can find it. */
export const untilWaiting = (directory: string, start: Started): Promise<void> =>
  until('it waits for the other one', () => has(directory, start, /^hello$/));

/** Until both try the first lock after the control; returns the one in whose directory they talk, and the other one. */
export async function untilTrying(
  directory: string,
  pair: readonly [Started, Started],
): Promise<[Started, Started]> {
  const leads = (start: Started): boolean => has(directory, start, /^lock-1$/);
  await until('both try a lock', () => pair.some(leads));
  return leads(pair[0]) ? [pair[0], pair[1]] : [pair[1], pair[0]];
}
