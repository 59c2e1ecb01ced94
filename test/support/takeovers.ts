/**
 * What tests of takeovers share: a place whose holders strace stops, delays or kills at a call.
 */
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { unprivilegedIdentity } from '../../bench/machine/unprivileged.js';
import { makeRoundDirectory } from '../../bench/measure/parent/round-directory.js';
import type { RoundDirectoryJob } from '../../bench/measure/worker/job.js';
import { loadStrategy } from '../../strategies/index.js';
import { conclusive } from './limit.js';
import { Holder } from './lock-holder.js';
import { hasCommand, needs } from './support.js';

const directory = tmpdir();
export const identity = unprivilegedIdentity();
const canInject = hasCommand('strace', '-e', 'inject=getpid:delay_enter=1', '-o', '/dev/null', 'true');
export const traced = (t: TestContext): boolean =>
  needs(t, canInject, 'strace is missing or may not trace here; apt-get install strace');

/** A place, and what starts holders on it; `injection`: what strace does to a holder's calls, on `file` alone if one is given. */
export async function staged(t: TestContext, name: string, asWho = identity) {
  const strategy = await loadStrategy(name);
  const made = makeRoundDirectory(directory, 4, strategy, asWho);
  t.after(() => made.destroy());
  let workerIndex = 0;
  const spec = {
    strategy: name,
    policy: { kind: 'spin' } as const,
    roundDirectory: made.job,
    identity: asWho,
  };
  const start = (injection: string | null = null, file: string | null = null): Promise<Holder> => {
    const only = file === null ? [] : ['-P', join(made.job.dir, file)];
    const options = ['-f', '-qq', '-o', '/dev/null', '-e', `inject=${injection}`, ...only];
    return Holder.start(t, { ...spec, workerIndex: workerIndex++ }, injection === null ? [] : options);
  };
  return { roundDirectory: made.job, start };
}

/** For so long a call is held up: what is done meanwhile takes a small part of it. */
export const HELD_UP = 'delay_enter=2000000';

/** Whether somebody is inside of the guard of those who take over. */
export const isInside = ({ dir }: RoundDirectoryJob): boolean =>
  spawnSync('flock', ['-n', join(dir, 'guard'), 'true']).status === 1;

/** Lets a holder take the lock and die of it. */
export async function die(holder: Holder): Promise<void> {
  await holder.acquire();
  await holder.kill();
}

/** Tries until it has the lock, as a waiter does; throws after a long while. */
export const acquireSoon = (holder: Holder): Promise<unknown> =>
  conclusive(async () => (await holder.tries()) || 'inconclusive');

/** An answer that may come later than what is done meanwhile, or not. */
export function later<T>(answer: Promise<T>): { readonly answer: Promise<T>; isThere(): boolean } {
  let isThere = false;
  const seen = answer.finally(() => {
    isThere = true;
  });
  seen.catch(() => {});
  return { answer: seen, isThere: () => isThere };
}
