/**
 * A holder as the tests see it: the fixture of that name, in a process of its own, maybe under strace.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Identity } from '../bench/environment/identity.js';
import type { PlaceJob } from '../bench/run/job.js';
import type { HolderAnswer, HolderJob } from './fixtures/holder.js';

const fixture = fileURLToPath(new URL('fixtures/holder.js', import.meta.url));

export class Holder {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout === null) throw new Error('a pipe was expected');
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Starts a holder; it ends with the test. `strace`: options of strace to run it under. */
  static async start(
    test: TestContext,
    strategy: string,
    place: PlaceJob,
    workerIndex: number,
    identity: Identity | null,
    strace: readonly string[] = [],
  ): Promise<Holder> {
    const parentPid = strace.length === 0 ? process.pid : null;
    const job: HolderJob = { strategy, place, workerIndex, identity, parentPid };
    const node = [process.execPath, fixture, JSON.stringify(job)];
    const [command = '', ...args] = strace.length === 0 ? node : ['strace', ...strace, ...node];
    // One thread in libuv's pool: strace counts a thread's calls, and "the second one" shall mean the process's.
    const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], cwd: '/', env });
    const holder = new Holder(child);
    test.after(() => holder.kill());
    await holder.#next();
    return holder;
  }

  /** Gives an order and waits for its answer. */
  async ask(order: string): Promise<HolderAnswer> {
    this.tell(order);
    return this.#next();
  }

  /** Gives an order without waiting; `answered` waits. */
  tell(order: string): void {
    this.#child.stdin?.write(`${order}\n`);
  }

  answered(): Promise<HolderAnswer> {
    return this.#next();
  }

  /** Whether one try got the lock. Throws what the try threw. */
  async tries(which = 'first'): Promise<boolean> {
    const answer = await this.ask(`${which} try`);
    if ('failed' in answer) throw new Error(answer.failed);
    return 'got' in answer && answer.got;
  }

  /** Gets a lock that is free, by whichever member there is. */
  async acquire(): Promise<void> {
    const members = await this.ask('members');
    const answer = await this.ask('tryLock' in members && members.tryLock ? 'try' : 'lock');
    if ('failed' in answer) throw new Error(answer.failed);
    if ('got' in answer && !answer.got) throw new Error('the lock was expected to be free, it is held');
  }

  async release(): Promise<void> {
    const answer = await this.ask('unlock');
    if ('failed' in answer) throw new Error(answer.failed);
  }

  /** SIGKILL, and waits until the kernel has taken all back. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  async #next(): Promise<HolderAnswer> {
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error('an answer was expected, the holder has ended');
    return JSON.parse(value) as HolderAnswer;
  }
}
