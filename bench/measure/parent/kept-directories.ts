/**
 * Round directories, as the parent has them: made, read and removed by a process for each tested directory, since no call of
 * the parent may wait for a file system that does not answer. The process is started with the first order and lives until the
 * command ends; when it is stuck it is left to itself, and its directory counts as unusable from then on.
 */

import { isAbsolute, join } from 'node:path';
import { processName } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { Told } from '../../base/told.js';
import { declareSilent } from '../../machine/answering.js';
import { rememberedAs } from '../../machine/files/private-directory.js';
import type { Identity } from '../../machine/identity.js';
import { requireMeans } from '../../machine/means.js';
import { freshName } from '../../machine/owner-name.js';
import type { RoundDirectoryJob } from '../worker/job.js';
import { roundDirectoryOf } from '../worker/lock-site.js';
import { Child } from './child.js';
import type { Answers, ClearedNames, KeeperJob, KeeperMessage, KeeperOrder } from './directory-keeper.js';
import {
  endedOrAbandoned,
  MEANS_OF_OUTSIDE_LOCK,
  NoAnswer,
  OutOfMeans,
  unlessStuck,
  withinMeans,
} from './patience.js';
import { jobIn } from './round-directory.js';
import { keepUnremoved, removeAll } from './unremoved.js';

const KEEPER = new URL('directory-keeper.js', import.meta.url);
/** To be started, which needs nothing of the tested directory. */
const START_NS = 120e9;
/** For what is not part of a round: looking, and clearing away. */
export const USUAL_PATIENCE_NS = 30e9;
/** Given to every order, however short a round may be; if several paths take longer, each is looked at by itself. */
const A_WHILE_NS = 3e9;
/** When the user wants to stop, what is not removed by then stays for the next start. */
const HURRY_NS = 2e9;

let inHurry = false;

/** For `unlessStuck` and `withinMeans`: so long, or shorter as soon as the user wants to stop. */
export const patienceOf = (ns: number) => (): number => (inHurry ? Math.min(ns, HURRY_NS) : ns);

/** A round directory that exists. */
export interface KeptDirectory {
  readonly job: RoundDirectoryJob;
  /** How it looks to a strategy that was prepared in it. */
  jobOf(strategy: Strategy): RoundDirectoryJob;
  /** The number that stands in its file. */
  number(limitNs: number): Promise<number>;
  /** How long a flush to the disk takes, ns; its number is lost. */
  flush(limitNs: number): Promise<number>;
  /** Removes all names in it but these, as a tidy administrator would, or what empties /tmp. */
  removeNames(spared: readonly string[]): Promise<void>;
  /** May be called twice, to try again. Throws an Error that names what could not be removed. */
  destroy(limitNs?: number): Promise<void>;
}

/** The errors of a keeper as they were thrown there. */
function refusal({ message, code, syscall }: Extract<KeeperMessage, { at: 'refused' }>): Error {
  return Object.assign(new Told(message), code === null ? {} : { code }, syscall === null ? {} : { syscall });
}

class Keeper {
  #child: Child<KeeperMessage> | null = null;
  #last: Promise<unknown> = Promise.resolve();
  /** Whether its file system does not answer. */
  isStuck = false;

  constructor(
    private readonly directory: string,
    private readonly isFromOutside: boolean,
  ) {}

  /** Gives an order when those before are carried out. Throws what it threw, or NoAnswer. */
  ask<Order extends KeeperOrder>(order: Order, limitNs: number): Promise<Answers[Order['order']]> {
    const asked = this.#last.then(() => this.#answer(order, limitNs));
    this.#last = asked.catch(() => {});
    return asked as Promise<Answers[Order['order']]>;
  }

  async #answer(order: KeeperOrder, limitNs: number, isLastTry = false): Promise<unknown> {
    if (this.isStuck) throw new NoAnswer(false);
    try {
      if (this.#child === null) {
        const [parentPid, directory] = [process.pid, this.directory];
        const job: KeeperJob = { parentPid, directory, remembered: rememberedAs(directory) };
        this.#child = new Child<KeeperMessage>(KEEPER, job, { takesOrders: true, staysForCleaning: true });
        await unlessStuck(this.#child.next(), this.#child.pid, patienceOf(START_NS));
      }
      this.#child.tell(JSON.stringify(order));
      const message = await this.#replyOf(this.#child, limitNs);
      if (message.at === 'refused') throw refusal(message);
      return message.at === 'done' ? message.value : undefined;
    } catch (error) {
      if (error instanceof NoAnswer) this.giveUp();
      if (!this.#child?.hasEnded) throw error;
      this.#child = null;
      // It has been killed: by hand, or for want of memory. What is to be removed another one can find.
      if (isLastTry || (order.order !== 'destroy' && order.order !== 'leftovers')) throw error;
      return this.#answer(order, limitNs, true);
    }
  }

  /** To an order that a process which runs was given: what its start took is not the fault of a lock from outside. */
  async #replyOf(child: Child<KeeperMessage>, limitNs: number) {
    const patience = patienceOf(Math.max(limitNs, A_WHILE_NS));
    if (!this.isFromOutside) return unlessStuck(child.next(), child.pid, patience);
    const cpu = patienceOf(MEANS_OF_OUTSIDE_LOCK.cpuNs);
    try {
      return await withinMeans(child.next(), child.pid, () => ({ cpuNs: cpu(), asleepNs: patience() }));
    } catch (error) {
      if (!(error instanceof OutOfMeans)) throw error;
      child.kill();
      await endedOrAbandoned(child);
      this.#child = null;
      throw new Error(`its prepare or destroy does not return: ${error.message}`);
    }
  }

  giveUp(): void {
    this.isStuck = true;
    this.#child?.abandon();
    this.#child = null;
  }

  async end(): Promise<void> {
    const child = this.#child;
    if (this.isFromOutside) child?.kill();
    else child?.noMoreOrders();
    if (child !== null) await endedOrAbandoned(child);
  }
}

const keepers = new Map<string, Keeper>();

const keyOf = (directory: string, module = ''): string => `${module}\0${directory}`;
/** `module`: of locks from outside, which have a keeper to themselves, since what they prepare may end its process. */
function keeperOf(directory: string, module = ''): Keeper {
  const key = keyOf(directory, module);
  const keeper = keepers.get(key) ?? new Keeper(directory, module !== '');
  keepers.set(key, keeper);
  return keeper;
}

/** Whether nothing more is asked of this directory: its file system does not answer. */
export const isStuck = (directory: string): boolean => keepers.get(keyOf(directory))?.isStuck ?? false;

/** From now on nothing is asked of this directory, since a process that was killed is stuck there. */
export const giveUp = (directory: string): void => keeperOf(directory).giveUp();

export const stillThere = (path: string, { message }: NoAnswer): Told =>
  new Told(`${path}: ${message}; the next start removes it`);

/** By what name the keeper has a strategy prepare its lock. */
function preparedName(strategy: Strategy): string {
  // A descriptor is inherited from the process that starts the workers, and lies in no directory; where nothing is prepared,
  // the lock may be one that only a user's worker knows. Of a lock from outside this process knows no functions.
  const preparesHere =
    strategy.inherited !== true &&
    (strategy.module !== undefined || strategy.prepare !== undefined || strategy.destroy !== undefined);
  return preparesHere ? processName(strategy) : 'none';
}

/** How a round directory differs from a plain one. */
export interface KeepOptions {
  /** Those that prepare their locks in it, too. */
  readonly beside?: readonly Strategy[];
  /** Whether it lies in another part of the disk than the last one, with inodes from there: ext4 alone has such parts. */
  readonly freshInodes?: boolean;
}

/**
 * Makes a round directory below `parent`, with the number file in it, prepared by the strategy and by those `beside` it, of
 * which none may hand on a descriptor; all of it belongs to the workers' identity. Throws what the file system or a strategy
 * throws, and then nothing is left; or NoAnswer.
 */
export async function keepDirectory(
  parent: string,
  workers: number,
  strategy: Strategy,
  identity: Identity | null,
  limitNs: number,
  { beside = [], freshInodes = false }: KeepOptions = {},
): Promise<KeptDirectory> {
  const modules = [strategy, ...beside].flatMap(({ module }) => module ?? []);
  const isFromOutside = modules.length > 0;
  const keeper = keeperOf(parent, [...new Set(modules)].join('\0'));
  const token = freshName();
  // By name: one strategy may be there in several languages.
  const tokens = new Map([[strategy.name, token]]);
  const others = beside.filter(({ name }) => !tokens.has(name) && tokens.set(name, freshName()));
  const making = {
    ...{ token, workers, strategy: preparedName(strategy), identity, freshInodes },
    beside: others.map((one) => ({ strategy: preparedName(one), token: tokens.get(one.name) ?? token })),
  };
  /** What a lock from outside left, or the whole directory if its code ends the process that runs it. */
  const removeUnprepared = (ns: number): Promise<null> =>
    keeperOf(parent).ask({ order: 'destroy', ...making, strategy: 'none', beside: [] }, ns);
  let job: RoundDirectoryJob;
  try {
    job = await keeper.ask({ order: 'make', ...making }, limitNs);
  } catch (error) {
    if (isFromOutside) await removeAll([() => removeUnprepared(limitNs).then(() => {})]);
    // It is made once the file system answers again, though nobody waits for it any longer.
    if (error instanceof NoAnswer && error.wasAsked) keepUnremoved(stillThere(join(parent, token), error));
    throw error;
  }
  let exists = true;
  const kept: KeptDirectory = {
    job,
    jobOf: ({ name }) => jobIn(job, tokens.get(name) ?? token),
    number: (ns) => keeper.ask({ order: 'number', token }, ns),
    flush: (ns) => keeper.ask({ order: 'flush', token }, ns),
    async removeNames(spared) {
      await keeper.ask({ order: 'remove-names', token, spared }, USUAL_PATIENCE_NS);
    },
    async destroy(ns = USUAL_PATIENCE_NS) {
      if (!exists) return;
      exists = false;
      if (strategy.inherited) strategy.destroy?.(roundDirectoryOf(job));
      try {
        await keeper.ask({ order: 'destroy', ...making }, ns);
      } catch (error) {
        exists = true;
        if (isFromOutside) await removeUnprepared(ns);
        throw error instanceof NoAnswer ? stillThere(job.dir, error) : error;
      }
    },
  };
  try {
    if (strategy.inherited) strategy.prepare?.(roundDirectoryOf(job));
  } catch (error) {
    await removeAll([() => kept.destroy()]);
    throw error;
  }
  return kept;
}

/**
 * Looks at paths that may be on a file system which does not answer, and keeps in mind which do not: one process at all of them,
 * since below a home directory on NFS every word of a command line is such a path; and one at each if that one is stuck.
 */
export async function lookAt(paths: readonly string[]): Promise<void> {
  const answer = (keeper: Keeper, looked: readonly string[], limitNs: number): Promise<boolean> =>
    keeper.ask({ order: 'look', paths: looked }, limitNs).then(
      () => true,
      (error) => !(error instanceof NoAnswer),
    );
  // A directory for rounds is likely to be absolute.
  const place = paths.find(isAbsolute) ?? paths[0];
  if (place === undefined || (await answer(keeperOf(place), paths, A_WHILE_NS))) return;
  // It is not known yet which of them is to blame.
  keepers.delete(keyOf(place));
  await Promise.all(
    paths.map(async (path) => {
      if (!(await answer(keeperOf(path), [path], USUAL_PATIENCE_NS))) declareSilent(path);
    }),
  );
}

/**
 * Clears away what killed runs left in these directories; what does not answer is told as a problem. Throws UsageError where
 * the machine grants too little to begin with.
 */
export async function clearLeftovers(
  directories: readonly string[],
  identity: Identity | null,
): Promise<ClearedNames> {
  requireMeans();
  const each = await Promise.all(
    [...new Set(directories)].map(async (directory): Promise<ClearedNames> => {
      try {
        return await keeperOf(directory).ask({ order: 'leftovers', identity }, USUAL_PATIENCE_NS);
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        return { removed: [], problems: [`${directory}: ${error.message}`] };
      }
    }),
  );
  return {
    removed: each.flatMap(({ removed }) => removed),
    problems: each.flatMap(({ problems }) => problems),
  };
}

/** The user wants to stop: no file system is waited for any longer than it takes to clean up. */
export function hurry(): void {
  inHurry = true;
}

/** Ends the keepers; those that are stuck are left to themselves. What is kept from then on has new ones. */
export async function endKeepers(): Promise<void> {
  const all = [...keepers.values()];
  keepers.clear();
  await Promise.all(all.map((keeper) => keeper.end()));
}
