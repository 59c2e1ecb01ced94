/**
 * Two locks in one directory: one is held, and the other is tried; then the other way round.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { processName } from '../../strategies/index.js';
import { now } from '../../strategies/posix/clock.js';
import { messageOf } from '../base/error-message.js';
import type { Identity } from '../machine/identity.js';
import { type KeptDirectory, keepDirectory, USUAL_PATIENCE_NS } from '../measure/parent/kept-directories.js';
import type { Contender } from '../measure/parent/round-spec.js';
import { removeAll } from '../measure/parent/unremoved.js';
import type { Members } from '../measure/worker/policy.js';
import { conclusive } from '../prove/conclusive.js';
import { Member } from '../scenario/member.js';
import { Participant } from '../scenario/participant-process.js';

/** A lock that takes part. */
export interface Candidate extends Contender {
  /** Of a contender: `fcntl`, `fcntl [c]`. */
  readonly name: string;
  readonly members: Members;
}

export type Pair = readonly [Candidate, Candidate];

/** Where two locks meet. `hosts`: commands that run a process there, the first lock on the first; none: on this host. */
export interface PairDirectory {
  readonly directory: string;
  readonly identity: Identity | null;
  readonly hosts?: readonly (readonly string[])[];
}

/** Whether the other one got in beside the holder; or why that could not be tried. */
export type Tried = { readonly got: boolean } | { readonly failure: string };

/** What looks at the directory before the lock is taken, and while it is held. */
export type Look = (directory: string) => Promise<void>;

/** A lock that cannot be tried answers when it has got the lock: for so long it is given the time to. */
const WAITS_MS = 200;

/** Whether it got the lock, by one try; one that cannot be tried answers when it has got it. */
const attempt = ({ members }: Candidate, process: Member): Promise<boolean> =>
  members.tryLock ? process.tries() : process.waitFor().then(() => true);

/** The answer of a lock that is held by another; null if it waits for it. */
async function answerOf({ members }: Candidate, tried: Promise<boolean>): Promise<boolean | null> {
  return members.tryLock ? tried : Promise.race([tried, delay(WAITS_MS).then(() => null)]);
}

/** So that it is in nobody's way: one that is merely open may be, like a lock with ranges of its own. */
async function giveBack(process: Member): Promise<void> {
  await process.release();
  await process.close();
}

/** A process for each of two locks, in a fresh directory. */
class ProcessPair {
  readonly #processes: readonly Member[];

  private constructor(
    readonly kept: KeptDirectory,
    pair: Pair,
    { identity, hosts = [] }: PairDirectory,
  ) {
    this.#processes = pair.map((contender, workerIndex) => {
      const { name, strategy, policy, foreign } = contender;
      const prefix = hosts[workerIndex % hosts.length] ?? [];
      const roundDirectory = kept.jobOf(strategy);
      return new Member(
        new Participant(name, {
          ...{ strategy: processName(strategy), policy, identity, roundDirectory, workerIndex, prefix },
          ...{ originNs: 0n, ...(foreign && { foreign }) },
        }),
      );
    });
  }

  static async of(pair: Pair, place: PairDirectory): Promise<ProcessPair> {
    const [{ strategy }, other] = pair;
    const { directory, identity } = place;
    return new ProcessPair(
      await keepDirectory(directory, 2, strategy, identity, USUAL_PATIENCE_NS, { beside: [other.strategy] }),
      pair,
      place,
    );
  }

  process(index: 0 | 1): Member {
    const found = this.#processes[index];
    if (found === undefined) throw new Error('two processes were expected');
    return found;
  }

  async end(): Promise<void> {
    await Promise.all(this.#processes.map((one) => one.end()));
    await removeAll([() => this.kept.destroy()]);
  }
}

/** `heldNs`: for how long the lock had been held when the other one had its answer. */
interface Played {
  readonly got: boolean;
  readonly heldNs: number;
}

/** Leaves both unlocked. Throws an Error where the locks do something else than to be got and to be refused. */
async function play(
  both: ProcessPair,
  pair: Pair,
  [holds, tries]: readonly [0 | 1, 0 | 1],
  look: Look | undefined,
): Promise<Played> {
  const [holder, other] = [pair[holds], pair[tries]];
  const [one, two] = [both.process(holds), both.process(tries)];
  await look?.(both.kept.job.dir);
  if (!(await attempt(holder, one)))
    throw new Error(`${holder.name} cannot be taken although nobody holds it`);
  const takenNs = now();
  await look?.(both.kept.job.dir);
  const tried = attempt(other, two);
  // Awaited below, or after the holder has unlocked; until then a failure must not count as unhandled.
  tried.catch(() => {});
  const answer = await answerOf(other, tried);
  const heldNs = Number(now() - takenNs);
  if (answer === true) return { got: true, heldNs };
  await giveBack(one);
  // What was refused because of the holder is to be had without it.
  if (!(answer === null ? await tried : await attempt(other, two)))
    throw new Error(`${other.name} is still refused after ${holder.name} was unlocked`);
  await giveBack(two);
  return { got: false, heldNs };
}

/**
 * One holds, the other tries, and the other way round; of a lock beside itself, once. Nothing is known where a lease may have
 * run out meanwhile: then that is done once more.
 */
export async function holdAndTry(
  pair: Pair,
  place: PairDirectory,
  look?: Look,
): Promise<{ readonly forth: Tried; readonly back: Tried }> {
  const leases = pair.map(({ strategy }) => strategy.claims.leaseNs ?? Number.POSITIVE_INFINITY);
  let both: ProcessPair | null = null;
  const clear = async (): Promise<void> => {
    const over = both;
    both = null;
    await over?.end();
  };
  const direction = async (roles: readonly [0 | 1, 0 | 1]): Promise<Tried> => {
    try {
      return await conclusive(async () => {
        both ??= await ProcessPair.of(pair, place);
        const { got, heldNs } = await play(both, pair, roles, look);
        // Two that got in spoil each other's lock: each may remove the other's name.
        if (got) await clear();
        return heldNs > Math.min(...leases) / 2 ? 'inconclusive' : { got };
      });
    } catch (error) {
      await clear();
      return { failure: messageOf(error) };
    }
  };
  try {
    const forth = await direction([0, 1]);
    return { forth, back: pair[0] === pair[1] ? forth : await direction([1, 0]) };
  } finally {
    await clear();
  }
}
