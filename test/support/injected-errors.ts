/**
 * Errors on every system call that a lock makes while it is taken and given back. Which those are is not written down: they
 * are watched once, by attaching strace to a process that stands still and is then told to take its lock; later strace is
 * attached in the same way, and has one of them fail.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

import { unprivilegedIdentity } from '../../bench/machine/unprivileged.js';
import { makeRoundDirectory } from '../../bench/measure/parent/round-directory.js';
import type { Answer } from '../../bench/scenario/participant.js';
import type { Strategy } from '../../strategies/strategy.js';
import { until } from './limit.js';
import { type Cleanup, Holder } from './lock-holder.js';
import { temporaryDirectory } from './support.js';

/** Of the disk, the quota, the server: none of them says that somebody holds the lock. */
export const ERRORS = ['EIO', 'ENOSPC', 'EDQUOT', 'EROFS', 'ESTALE', 'ENOLCK'] as const;
/** A signal comes so often, one after the other. */
const STORM = 4;

/** What the engine calls by itself: for its memory, its threads and its loop of events. */
const OF_THE_ENGINE =
  /^(epoll_\w+|futex|mmap|munmap|mprotect|pkey_mprotect|madvise|brk|mremap|rt_sig\w+|sched_yield|restart_syscall|getrusage|get_mempolicy|gettid|getpid|clone3?|exit|membarrier|prctl|clock_\w+|getcpu|ioctl)$/;
/** Orders, messages, and what wakes the loop. */
const OF_THE_PROGRAM = /^(?:read\(0<|write\(4<|(?:read|write)\(\d+<anon_inode:\[eventfd\]>)/;

/** One call: the thread that made it, and which one of this name on this file it was since strace looked. */
interface Call {
  readonly tid: number;
  readonly name: string;
  /** That its descriptor belongs to, by its last name; null for calls that take a path, or none. */
  readonly file: string | null;
  readonly ordinal: number;
  readonly text: string;
}

/** The calls in a trace of all threads that the lock made. */
function callsIn(trace: string): Call[] {
  const counts = new Map<string, number>();
  return trace.split('\n').flatMap((line): Call[] => {
    const [, tid = '', text = '', name = ''] = /^(\d+) +((\w+)\(.*)/.exec(line) ?? [];
    if (name === '') return [];
    const [, file = null] = /^\w+\(\d+<\/[^>]*\/([^/>]+)>/.exec(text) ?? [];
    const key = `${tid} ${name} ${file}`;
    const ordinal = (counts.get(key) ?? 0) + 1;
    counts.set(key, ordinal);
    const isOurs = !OF_THE_ENGINE.test(name) && !OF_THE_PROGRAM.test(text);
    return isOurs ? [{ tid: Number(tid), name, file, ordinal, text }] : [];
  });
}

/** Does something while strace is attached to a process; returns what it wrote. */
async function underStrace<T>(
  file: string,
  options: readonly string[],
  action: () => Promise<T>,
): Promise<{ result: T; trace: string }> {
  const strace = spawn('strace', ['-o', file, ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(strace, 'close');
  let said = '';
  strace.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await until('strace is attached', () => said.includes(' attached') || strace.exitCode !== null);
  const result = await action();
  strace.kill('SIGINT');
  await ended;
  return { result, trace: readFileSync(file, 'utf8') };
}

/** What libuv's errors are called; it has no name for some, and gives the number. */
const namesOf = (error: string): unknown[] => [
  error,
  `Unknown system error -${(constants.errno as Readonly<Record<string, number>>)[error]}`,
];

/** Two processes with the same lock, of which the first one is looked at. */
class Pair {
  private constructor(
    readonly first: Holder,
    readonly other: Holder,
    readonly directory: string,
    readonly members: { readonly tryLock: boolean },
    readonly end: () => Promise<void>,
  ) {}

  static async start(strategy: Strategy): Promise<Pair> {
    const identity = unprivilegedIdentity();
    const roundDirectory = makeRoundDirectory(tmpdir(), 2, strategy, identity);
    const cleanups: (() => unknown)[] = [];
    const owner = { after: (action: () => unknown) => void cleanups.unshift(action) };
    const end = async (): Promise<void> => {
      for (const clean of cleanups) await clean();
      roundDirectory.destroy();
    };
    try {
      const start = (workerIndex: number): Promise<Holder> =>
        Holder.start(owner, {
          strategy: strategy.name,
          policy: { kind: 'block' },
          roundDirectory: roundDirectory.job,
          workerIndex,
          identity,
          // One thread in libuv's pool: another one would have made no calls yet.
          prefix: ['env', 'UV_THREADPOOL_SIZE=1'],
        });
      const [first, other] = [await start(0), await start(1)];
      const answer = await first.ask('members');
      const members = answer.at === 'done' && answer.members !== undefined ? answer.members : null;
      if (members === null) throw new Error(JSON.stringify(answer));
      const pair = new Pair(first, other, roundDirectory.job.dir, members, end);
      // What is made, loaded and compiled by the first time.
      for (const holder of [other, first, first]) {
        await holder.acquire();
        await holder.release();
      }
      return pair;
    } catch (error) {
      await end();
      throw error;
    }
  }

  take(): Promise<Answer> {
    return this.first.ask(this.members.tryLock ? 'try' : 'acquire');
  }

  /** Whether the other one gets it, and gives it back then; null for a lock that cannot be tried. */
  async isFree(): Promise<boolean | null> {
    if (!this.members.tryLock) return null;
    const got = await this.other.tries();
    if (got) await this.other.release();
    return got;
  }
}

/** What became of the injections: how many were tried, those that never met their call, and what was wrong. */
export interface Injected {
  readonly tried: number;
  readonly missed: readonly string[];
  readonly problems: readonly string[];
}

/** What a library makes of errors, which no code of ours can mend. */
export interface Known {
  /** What its own errors are called instead. */
  readonly code?: string;
  /** Errors that it takes for "held", and for a lock that is given back. */
  readonly tellsNothingOf?: readonly string[];
  /** Whether it keeps to itself that giving back failed. */
  readonly saysNothing?: true;
}

export class Injection {
  #pair: Pair | null = null;
  readonly #file: string;
  #tried = 0;
  readonly #missed: string[] = [];
  readonly #problems: string[] = [];

  constructor(
    owner: Cleanup,
    private readonly strategy: Strategy,
    private readonly known: Known = {},
  ) {
    this.#file = join(temporaryDirectory(owner), 'trace');
    owner.after(() => this.#end());
  }

  async #started(): Promise<Pair> {
    this.#pair ??= await Pair.start(this.strategy);
    return this.#pair;
  }

  async #end(): Promise<void> {
    const pair = this.#pair;
    this.#pair = null;
    await pair?.end();
  }

  /** Looks at one turn, then plays it again and again with a call that fails. `errorsFor`: those to try at a call. */
  async play(errorsFor: (index: number) => readonly string[]): Promise<Injected> {
    const pair = await this.#started();
    const attached = ['-f', '-y', '-p', String(pair.first.pid)];
    const taking = callsIn((await underStrace(this.#file, attached, () => pair.take())).trace);
    const dropping = callsIn((await underStrace(this.#file, attached, () => pair.first.ask('unlock'))).trace);
    const main = pair.first.pid;
    for (const [calls, play] of [
      [taking, this.#takeUnder],
      [dropping, this.#dropUnder],
    ] as const) {
      for (const [index, call] of calls.entries()) {
        for (const error of errorsFor(index)) await play.call(this, call, error, call.tid === main);
      }
    }
    return { tried: this.#tried, missed: this.#missed, problems: this.#problems };
  }

  /** Has a call fail while `action` runs; null if that call was not made. */
  async #under(
    { name, file, ordinal, text }: Call,
    error: string,
    isMain: boolean,
    action: (pair: Pair) => Promise<Answer>,
  ): Promise<{ pair: Pair; answer: Answer; what: string } | null> {
    this.#tried++;
    const what = `${error} at ${text.slice(0, 80)}`;
    const pair = await this.#started();
    const when = error === 'EINTR' ? `${ordinal}..${ordinal + STORM - 1}` : String(ordinal);
    const where = file === null ? [] : ['-P', join(pair.directory, file)];
    const inject = [...where, '-e', `trace=${name}`, '-e', `inject=${name}:error=${error}:when=${when}`];
    // The pool's thread of another process has another number: there all threads are looked at.
    const whom = isMain ? ['-p', String(pair.first.pid)] : ['-f', '-p', String(pair.first.pid)];
    try {
      const { result, trace } = await underStrace(this.#file, [...inject, ...whom], () => action(pair));
      if (trace.includes('(INJECTED)')) return { pair, answer: result, what };
      this.#missed.push(what);
    } catch (failure) {
      this.#problems.push(`${what}: ${String(failure)}`);
    }
    await this.#end();
    return null;
  }

  /** After a failure the pair is used again if its lock is free; else the next injection has a new one. */
  async #restore(order: string): Promise<void> {
    const pair = await this.#started();
    await pair.first.ask(order);
    if ((await pair.isFree()) !== true) await this.#end();
  }

  async #takeUnder(call: Call, error: string, isMain: boolean): Promise<void> {
    const came = await this.#under(call, error, isMain, (pair) => pair.take());
    if (came === null) return;
    const { pair, answer, what } = came;
    if (answer.at === 'failed') return this.#failed(answer, what, error, 'close');
    if (answer.got === false) {
      if (!this.#isHidden(error)) this.#problems.push(`${what} was taken for "held"`);
      return this.#end();
    }
    if (this.strategy.claims.excludes && (await pair.isFree()) === true)
      this.#problems.push(`${what}: it was got, and excludes nobody`);
    await pair.first.release();
    if ((await pair.isFree()) === false) {
      this.#problems.push(`${what}: it was given back, and is held`);
      await this.#end();
    }
  }

  async #dropUnder(call: Call, error: string, isMain: boolean): Promise<void> {
    const ready = await this.#started();
    await ready.first.acquire();
    const came = await this.#under(call, error, isMain, ({ first }) => first.ask('unlock'));
    if (came === null) return;
    const { pair, answer, what } = came;
    if (answer.at === 'failed') return this.#failed(answer, what, error, 'unlock');
    if ((await pair.isFree()) !== false) return;
    if (this.known.saysNothing !== true && !this.#isHidden(error))
      this.#problems.push(`${what}: giving back is said to be done, and it is held`);
    await this.#end();
  }

  #isHidden(error: string): boolean {
    return this.known.tellsNothingOf?.includes(error) ?? false;
  }

  /** `order`: what makes the holder ready again. */
  #failed(
    { code }: Extract<Answer, { at: 'failed' }>,
    what: string,
    error: string,
    order: string,
  ): Promise<void> {
    if (![...namesOf(error), this.known.code].includes(code))
      this.#problems.push(`${what} is told as ${code}`);
    return this.#restore(order);
  }
}
