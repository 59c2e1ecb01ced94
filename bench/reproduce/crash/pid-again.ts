/**
 * The pid that comes again, seen from outside: a pid namespace is made for it, with the rights that this needs there, and is
 * gone afterwards with all its processes. Source: pid_namespaces(7), user_namespaces(7), unshare(1).
 */

import { z } from 'zod';
import { strategy as noLock } from '../../../strategies/none.js';
import { messageOf } from '../../base/error-message.js';
import { killWithParent } from '../../machine/tied-processes.js';
import { Child } from '../../measure/parent/child.js';
import { keepDirectory, USUAL_PATIENCE_NS } from '../../measure/parent/kept-directories.js';
import { endedOrAbandoned } from '../../measure/parent/patience.js';
import { removeAll } from '../../measure/parent/unremoved.js';
import type { NamespaceJob, NamespaceMessage } from './pid-namespace.js';
import { type ReusedPid, reusedPid } from './reused-pid.js';

export const pidsAgain = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('played'), played: z.array(reusedPid) }),
  z.strictObject({ state: z.literal('not-permitted'), reason: z.string() }),
]);
export type PidsAgain = z.infer<typeof pidsAgain>;

/** Without root, who makes a user namespace too is root in there, where the system lets him. */
const namespaceCommand = (): string[] => {
  const [program, args] = killWithParent([
    ...['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'],
    ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']),
    '--',
  ]);
  return [program, ...args];
};

/** What the program says first. Why it could not even be started is a reason, too. */
async function permission(
  child: Child<NamespaceMessage>,
): Promise<Exclude<NamespaceMessage, { at: 'error' }>> {
  try {
    return await child.next();
  } catch (error) {
    return { at: 'forbidden', reason: messageOf(error) };
  }
}

async function playAll(job: NamespaceJob): Promise<PidsAgain> {
  const child = new Child<NamespaceMessage>(new URL('pid-namespace.js', import.meta.url), job, {
    prefix: namespaceCommand(),
  });
  try {
    const first = await permission(child);
    if (first.at === 'forbidden') return { state: 'not-permitted', reason: first.reason };
    const played: ReusedPid[] = [];
    while (played.length < job.locks.length) {
      const message = await child.next();
      if (message.at === 'played') played.push(message.played);
    }
    return { state: 'played', played };
  } finally {
    child.kill();
    await endedOrAbandoned(child);
  }
}

/** Plays with each lock, below `directory`. Throws an Error that says why if it was permitted and could not be played. */
export async function letPidsComeAgain({ directory, ...job }: NamespaceJob): Promise<PidsAgain> {
  // Its name tells another start, in this namespace, that it is ours: what is made in the other one it could not judge.
  const kept = await keepDirectory(directory, 1, noLock, job.identity, USUAL_PATIENCE_NS);
  try {
    return await playAll({ ...job, directory: kept.job.dir });
  } finally {
    await removeAll([() => kept.destroy()]);
  }
}
