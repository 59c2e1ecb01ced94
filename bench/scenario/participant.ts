/**
 * A process that does with a lock what it is told, an order a line, and says what it does, a line of JSON each, with the
 * time: CLOCK_MONOTONIC, the same for all processes of the host. While it waits in a lock, orders wait in the pipe, and
 * only SIGKILL ends it. The orders:
 *
 *   members                     what the lock offers; opens it, as every order does that finds it closed
 *   acquire [shared]            by the waiting policy
 *   try                         once; after a try that failed the lock is closed
 *   read, write                 the number; `write` writes the number that was read, plus 1, and syncs it if it is
 *                               shared with other hosts
 *   touch                       open and close every file of the place but the number
 *   unlock, renew, close
 *   turn MS, turn shared MS     acquire, read, let MS ms pass, write (not if shared), unlock; ends at the first failure
 *   throw, exit, return         end by an uncaught exception, by process.exit, by having no more to do
 *
 * `second …` acts on a second lock that is opened at the same place in the same process.
 */

import { closeSync, constants, fsyncSync, openSync, readdirSync, readSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { loadStrategy } from '../../strategies/index.js';
import { now, useFinestTimers } from '../../strategies/posix/clock.js';
import { dieWithParent } from '../../strategies/posix/own-process.js';
import type { LockSite, Strategy } from '../../strategies/strategy.js';
import { messageOf } from '../base/error-message.js';
import { runProgram, sayJson } from '../base/program.js';
import { drop, type Identity } from '../machine/identity.js';
import type { NumberMode } from '../measure/result/result-schema.js';
import type { RoundDirectoryJob } from '../measure/worker/job.js';
import { LOCKED_NAME, openLockSite } from '../measure/worker/lock-site.js';
import { NUMBER_NAME } from '../measure/worker/number-file.js';
import type { Members, Policy } from '../measure/worker/policy.js';
import { openParticipantLock, type ParticipantLock } from './participant-lock.js';
import type { Step, What } from './steps-schema.js';

/**
 * How the number is used. `apart`: kept open, kernel locks being on another file, so that it can be touched in the
 * critical section. Between hosts a cache stands before the number, and it must be `kept-open`, the file that is locked
 * itself, since locking it is what makes an NFS client look at the server; or `reopened` for each read and write, for
 * locks that are names.
 */
export type NumberUse = 'apart' | NumberMode;

export interface ParticipantJob {
  /** Null if another program, such as strace, stands between. */
  readonly parentPid: number | null;
  readonly identity: Identity | null;
  readonly strategy: string;
  readonly policy: Policy;
  readonly roundDirectory: RoundDirectoryJob;
  readonly workerIndex: number;
  readonly number: NumberUse;
  /** CLOCK_MONOTONIC in ns, in decimal digits: times are told since then. */
  readonly originNs: string;
}

/** A step that is done, as it goes into the time line; and the answer to an order, always the last it says of it. */
export type ParticipantMessage =
  | { readonly at: 'ready' }
  | { readonly at: 'step'; readonly step: Omit<Step, 'participant'> }
  | Answer
  | { readonly at: 'error'; readonly message: string };

export type Answer =
  | { readonly at: 'done'; readonly got?: boolean; readonly members?: Members }
  /** `code`: such as EEXIST; only of a lock in Node. */
  | { readonly at: 'failed'; readonly message: string; readonly code?: string | null };

const ROOM = 24;
/** What cannot be looked at is passed by, as a backup program does. */
const UNREADABLE = ['EACCES', 'ENOENT', 'ENXIO'];

const say: (message: ParticipantMessage) => void = sayJson;
const codeOf = (error: unknown): string | null => (error as NodeJS.ErrnoException).code ?? null;

class Participant {
  readonly #originNs: bigint;
  readonly #locks = new Map<string, { lock: ParticipantLock; site: LockSite }>();
  #numberFd: number | null = null;
  #lastRead = 0;

  constructor(
    private readonly job: ParticipantJob,
    private readonly strategy: Strategy,
  ) {
    this.#originNs = BigInt(job.originNs);
  }

  /** Carries out one order. Throws what a call of the lock throws. */
  async obey(line: string): Promise<Answer> {
    const [which, order] = line.startsWith('second ') ? ['second', line.slice(7)] : ['first', line];
    const { lock, site } = this.#opened(which);
    const [verb = '', ...rest] = order.split(' ');
    const shared = rest[0] === 'shared';
    switch (verb) {
      case 'members':
        return { at: 'done', members: lock.members };
      case 'acquire':
        await this.#acquire(lock, shared);
        break;
      case 'try': {
        const got = await lock.try();
        if (got) this.#gotIn(lock, false);
        else this.#close(which);
        return { at: 'done', got };
      }
      case 'read':
        this.#read(site);
        break;
      case 'write':
        this.#write(site);
        break;
      case 'touch':
        this.#touch(site);
        break;
      case 'unlock':
        await this.#unlock(lock);
        break;
      case 'renew':
        await lock.renew();
        break;
      case 'turn':
        await this.#acquire(lock, shared);
        this.#read(site);
        await delay(Number(rest.at(-1)));
        if (!shared) this.#write(site);
        await this.#unlock(lock);
        break;
      case 'close':
        this.#close(which);
        break;
      default:
        throw new Error(`an order was expected, got "${line}"`);
    }
    return { at: 'done' };
  }

  /** Says that something was done at `ns`, or now. */
  step(what: What, more: Omit<Step, 'participant' | 'what' | 'atNs'> = {}, ns = now()): void {
    say({ at: 'step', step: { what, atNs: Number(ns - this.#originNs), ...more } });
  }

  /** Opened when first asked for: opening may fail, too, and that is an answer. */
  #opened(which: string): { lock: ParticipantLock; site: LockSite } {
    const before = this.#locks.get(which);
    if (before !== undefined) return before;
    const { roundDirectory, workerIndex, number } = this.job;
    const site = openLockSite(
      roundDirectory,
      workerIndex,
      number === 'kept-open' ? NUMBER_NAME : LOCKED_NAME,
    );
    if (number === 'kept-open') this.#numberFd = site.fd;
    if (number === 'apart') this.#numberFd ??= openSync(site.path(NUMBER_NAME), constants.O_RDWR);
    const opened = { lock: openParticipantLock(this.strategy, site, this.job.policy), site };
    this.#locks.set(which, opened);
    return opened;
  }

  #close(which: string): void {
    this.#locks.get(which)?.lock.close();
    this.#locks.delete(which);
  }

  async #acquire(lock: ParticipantLock, shared: boolean): Promise<void> {
    this.step('asked', shared ? { shared } : {});
    const done = lock.acquire(shared);
    if (done !== undefined) await done;
    this.#gotIn(lock, shared);
  }

  #gotIn(lock: ParticipantLock, shared: boolean): void {
    const ns = now();
    const recovery = lock.recovery();
    this.step('got-in', { ...(shared ? { shared } : {}), ...(recovery === null ? {} : { recovery }) }, ns);
  }

  /** A process that calls unlock believes it is out from then on, even if the call fails. */
  async #unlock(lock: ParticipantLock): Promise<void> {
    const leavesNs = now();
    try {
      await lock.unlock();
    } finally {
      this.step('leaves', {}, leavesNs);
    }
    this.step('unlocked');
  }

  #read(site: LockSite): void {
    const bytes = Buffer.alloc(ROOM);
    const length = this.#withNumber(site, (fd) => readSync(fd, bytes, 0, ROOM, 0));
    const text = bytes.toString('latin1', 0, length);
    const number = Number.parseInt(text, 10);
    if (Number.isNaN(number))
      throw new Error(`${site.path(NUMBER_NAME)}: a number was expected, got "${text}"`);
    this.#lastRead = number;
    this.step('read', { number });
  }

  #write(site: LockSite): void {
    const number = this.#lastRead + 1;
    const text = `${number}\n`;
    this.#withNumber(site, (fd) => {
      if (writeSync(fd, text, 0) !== text.length) {
        throw new Error(`${site.path(NUMBER_NAME)}: the number could not be written`);
      }
      // NFS takes a write on trust, and tells that it failed only to who asks.
      if (this.job.number !== 'apart') fsyncSync(fd);
    });
    this.step('wrote', { number });
  }

  #touch(site: LockSite): void {
    // Said before: who waits for what this gives away may get it at once.
    this.step('touches');
    for (const name of readdirSync(site.dir).filter((name) => name !== NUMBER_NAME)) {
      try {
        closeSync(openSync(site.path(name), constants.O_RDONLY | constants.O_NONBLOCK));
      } catch (error) {
        if (!UNREADABLE.includes(codeOf(error) ?? '')) throw error;
      }
    }
  }

  /** One descriptor, kept open unless asked otherwise: what is closed in the critical section is the scenario's to say. */
  #withNumber<T>(site: LockSite, action: (fd: number) => T): T {
    if (this.#numberFd !== null) return action(this.#numberFd);
    const fd = openSync(site.path(NUMBER_NAME), constants.O_RDWR);
    try {
      return action(fd);
    } finally {
      closeSync(fd);
    }
  }
}

async function perform(job: ParticipantJob): Promise<void> {
  const strategy = await loadStrategy(job.strategy);
  drop(job.identity);
  if (job.parentPid !== null) dieWithParent(job.parentPid);
  useFinestTimers();
  const participant = new Participant(job, strategy);
  say({ at: 'ready' });
  const orders = createInterface({ input: process.stdin });
  for await (const line of orders) {
    switch (line) {
      case 'throw':
        participant.step('threw');
        // Outside of every try: nobody catches it.
        setImmediate(() => {
          throw new Error('an exception that nobody catches');
        });
        break;
      case 'exit':
        participant.step('exited');
        process.exit(0);
        break;
      case 'return':
        participant.step('returned');
        // Listening would keep the process alive.
        orders.close();
        return;
      default:
        try {
          say(await participant.obey(line));
        } catch (error) {
          participant.step('failed', { error: `${line}: ${messageOf(error)}` });
          say({ at: 'failed', message: messageOf(error), code: codeOf(error) });
        }
    }
  }
  // Nobody gives orders any more: what a strategy's library still has to do is of no interest.
  process.exit(0);
}

await runProgram<ParticipantJob>(perform);
