/**
 * Which locks are played under injected errors, and what is known of their libraries.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Strategy } from '../../strategies/strategy.js';
import { ERRORS, type Known } from './injected-errors.js';

/** By name. Source: SQLite's sqliteErrorFromPosixError, lockfile's unlock. */
export const KNOWN: Readonly<Record<string, Known>> = {
  sqlite: { code: 'ERR_SQLITE_ERROR', tellsNothingOf: ['ENOLCK', 'EINTR'] },
  lockfile: { saysNothing: true },
};

/** All of them at every call. */
export const ALL_ERRORS: readonly string[] = [...ERRORS, 'EINTR'];

/** One at each call, another one at the next, and a storm of signals. */
export const someErrors = (index: number): readonly string[] => [
  ERRORS[index % ERRORS.length] ?? 'EIO',
  'EINTR',
];

/** Memory has no errno: while nobody waits, no call is made. */
export const makesCalls = ({ name, family }: Strategy): boolean =>
  !['control', 'shared memory'].includes(family) && name !== 'posix-sem';

/** Whether strace may look at a process that already runs, as this user. */
export async function canAttach(): Promise<boolean> {
  const looked = spawn('sleep', ['1000'], { stdio: 'ignore' });
  const strace = spawn('strace', ['-o', '/dev/null', '-p', String(looked.pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    return await new Promise<boolean>((resolve) => {
      strace.stderr.on('data', (text: Buffer) => {
        if (text.toString().includes(' attached')) resolve(true);
      });
      strace.on('error', () => resolve(false));
      strace.on('close', () => resolve(false));
    });
  } finally {
    for (const child of [strace, looked]) child.kill('SIGKILL');
    await once(looked, 'close');
  }
}
