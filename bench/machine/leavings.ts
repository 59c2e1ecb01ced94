/**
 * What may be left of a place, wherever locks live: names in directories, System V semaphores, abstract names of sockets.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { keyOf, SYSV_SUFFIX } from '../../strategies/posix/sysv-semaphore.js';

/** Keys of all System V semaphores of this IPC namespace. Source: proc_sysvipc(5). */
export function sysvKeys(): number[] {
  const [, ...lines] = readFileSync('/proc/sysvipc/sem', 'latin1').trimEnd().split('\n');
  return lines.map((line) => Number(line.trim().split(/\s+/)[0]));
}

/** What bears this text in its name, in these directories and outside of all. */
export const named = (text: string, directories: readonly string[]): string[] => [
  ...directories.flatMap((directory) => readdirSync(directory).filter((name) => name.includes(text))),
  ...readFileSync('/proc/net/unix', 'latin1')
    .split('\n')
    .filter((line) => line.includes(text)),
];

/** What is left of the place of this token. */
export const leftOf = (token: string, directories: readonly string[]): string[] => [
  ...named(token, directories),
  ...sysvKeys().flatMap((key) => (key === keyOf(`${token}${SYSV_SUFFIX}`) ? [`semaphore ${key}`] : [])),
];
