/**
 * Is the directory one that all hosts share? Rank 0 makes a directory there, with a token in it; every other rank must find
 * both, and writes a file of its own, which rank 0 must find. So a directory that each host has for itself is noticed, and
 * one whose upper layer is each host's own, as in a container.
 */
import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import { strategy as noLock } from '../../strategies/none.js';
import { messageOf } from '../base/error-message.js';
import { UsageError } from '../base/usage-error.js';
import { quoted } from '../base/visible.js';
import { fileSystemOf } from '../machine/file-system.js';
import type { Identity } from '../machine/identity.js';
import { Child } from '../measure/parent/child.js';
import { keepDirectory, USUAL_PATIENCE_NS } from '../measure/parent/kept-directories.js';
import { endedOrAbandoned, NoAnswer, unlessStuck } from '../measure/parent/patience.js';
import { existingDirectory } from '../measure/parent/preflight.js';
import { removeAll } from '../measure/parent/unremoved.js';
import type { RoundDirectoryJob } from '../measure/worker/job.js';
import type { Company } from './company.js';
import type { WitnessFile, WitnessJob, WitnessMessage } from './directory-witness.js';
import type { Order, Reply, SeenMount } from './messages.js';

const WITNESS = new URL('directory-witness.js', import.meta.url);
const ADVICE = 'name one on a file system that all of them mount, such as NFS';

/** What a rank writes into it. */
const fileOf = (rank: number, token: string): WitnessFile => ({
  name: `rank-${rank}`,
  text: `${token} ${rank}`,
});

/** Asks a witness on this host. */
async function witness(job: Omit<WitnessJob, 'parentPid'>): Promise<Omit<WitnessMessage, 'at'>> {
  const child = new Child<WitnessMessage>(WITNESS, { ...job, parentPid: process.pid });
  try {
    return await unlessStuck(child.next(), child.pid, () => USUAL_PATIENCE_NS);
  } catch (error) {
    if (error instanceof NoAnswer) return { missing: [], problem: error.message, isAbsent: false };
    throw error;
  } finally {
    child.kill();
    await endedOrAbandoned(child);
  }
}

/** A round's directory by the path that it has on this host: links on the way to it may lead elsewhere than on rank 0's. */
export const asSeenHere = (job: RoundDirectoryJob, directory: string): RoundDirectoryJob => ({
  ...job,
  dir: join(directory, basename(job.dir)),
});

function mountOf(directory: string): SeenMount | null {
  const found = fileSystemOf(directory);
  if (found === null) return null;
  return { filesystem: found.filesystem, options: [...found.options], source: found.source };
}

/** A rank's answer to `look`, and the directory's real path here; null if there is none. */
export async function lookHere(
  order: Extract<Order, { at: 'look' }>,
  rank: number,
): Promise<{ reply: Reply; directory: string | null }> {
  const { directory: asked, job, identity, token } = order;
  const refusal = (problem: string): { reply: Reply; directory: null } => ({
    reply: { at: 'looked', problem, mount: null },
    directory: null,
  });
  try {
    const directory = existingDirectory(asked);
    const here = asSeenHere(job, directory);
    const read = [fileOf(0, token)];
    const { missing, problem, isAbsent } = await witness({
      ...{ identity, job: here, read },
      write: fileOf(rank, token),
    });
    if (problem !== null) {
      return refusal(`${isAbsent ? 'does not find' : 'cannot use'} what rank 0 made there (${problem})`);
    }
    if (missing.length > 0) return refusal('does not find what rank 0 wrote there');
    return { reply: { at: 'looked', problem: null, mount: mountOf(directory) }, directory };
  } catch (error) {
    const reason = error instanceof UsageError ? error.message.replace(/^--dir: /, '') : messageOf(error);
    return refusal(`cannot use it: ${reason}`);
  }
}

/**
 * Rank 0's side. `asked`: the directory's absolute path as it was named; `directory`: its real path here. Returns by which
 * mount each rank sees it. Throws UsageError, which names the first rank that does not see the same.
 */
export async function requireShared(
  { wire, others, nameOf }: Company,
  asked: string,
  directory: string,
  identity: Identity | null,
): Promise<ReadonlyMap<number, SeenMount | null>> {
  const token = randomBytes(16).toString('hex');
  const kept = await keepDirectory(directory, others.length, noLock, identity, USUAL_PATIENCE_NS);
  try {
    const here = await witness({ identity, job: kept.job, write: fileOf(0, token), read: [] });
    if (here.problem !== null) throw new UsageError(`--dir: ${quoted(asked)}: ${here.problem}`);
    for (const rank of others) {
      wire.send(rank, { at: 'look', directory: asked, job: kept.job, identity, token } satisfies Order);
    }
    const mounts = new Map([[0, mountOf(directory)]]);
    const problems = new Map<number, string>();
    for (let i = 0; i < others.length; i++) {
      const { from, message } = await wire.receive<Reply>(null, 'patient', 4 * USUAL_PATIENCE_NS);
      if (message.at !== 'looked') throw new Error(`rank ${from} said "${message.at}" to "look"`);
      mounts.set(from, message.mount);
      if (message.problem !== null) problems.set(from, message.problem);
    }
    const [first] = [...problems.keys()].sort((a, b) => a - b);
    if (first !== undefined) {
      throw new UsageError(
        `--dir: a directory that all ranks share was expected, ${quoted(asked)} is not: ${nameOf(first)} ${problems.get(first)}`,
        ADVICE,
      );
    }
    // A name of our own, since that of rank 0 is there already.
    const read = others.map((rank) => fileOf(rank, token));
    const back = await witness({ identity, job: kept.job, write: fileOf(-1, token), read });
    const unseen = others.find((rank) => back.missing.includes(fileOf(rank, token).name));
    if (unseen !== undefined || back.problem !== null) {
      const what =
        unseen === undefined ? back.problem : `what ${nameOf(unseen)} wrote there is not found by rank 0`;
      throw new UsageError(
        `--dir: a directory that all ranks share was expected, ${quoted(asked)} is not: ${what}`,
        ADVICE,
      );
    }
    return mounts;
  } finally {
    await removeAll([() => kept.destroy()]);
  }
}
