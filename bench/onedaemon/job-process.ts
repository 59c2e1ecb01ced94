/**
 * The command of a daemon as a child process: signals go to it, its end is ours.
 */
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type End, reapChild, socketPair, spawnProcess } from '../../strategies/posix/spawn.js';
import { environment, FOR_NODE } from '../measure/parent/child.js';
import { INHERITED, LATER_STDERR, type LaunchJob, READY, REPORT } from './launch-job.js';

const LAUNCHER = fileURLToPath(new URL('launch.js', import.meta.url));
/** One thread for V8: a process that lives a moment has no work for more. */
const SMALL_POOL = '--v8-pool-size=1';
/**
 * Where it can create some of its threads and not all, Node waits at its start for ever, and says nothing. No start takes as
 * long as this, not on an emulated processor either.
 */
const READY_LIMIT_MS = 120_000;
const [STDIN, STDOUT, STDERR] = [0, 1, 2] as const;

/** The exit code for an end, as a shell has it: 128 and the signal's number. */
export const codeOf = (end: End): number => ('code' in end ? end.code : 128 + end.signal);

/** Settles with how a child ended. All others are reaped as well: to process 1 come those that lost their parents. */
function endOf(pid: number): Promise<End> {
  return new Promise((resolve, reject) => {
    const reap = (): void => {
      try {
        for (let child = reapChild(); child !== null; child = reapChild()) {
          if (child.pid === pid) resolve(child.end);
        }
      } catch (error) {
        reject(error);
      }
    };
    process.on('SIGCHLD', reap);
    // It may have ended before we listened.
    reap();
  });
}

/** A process that becomes the command when it is told to, and not before. */
export class JobProcess {
  readonly pid: number;
  readonly ended: Promise<End>;
  readonly #report: Socket;
  readonly #closed: Promise<void>;
  #said = '';
  #over = false;
  #isLate = false;

  /**
   * Starts it, with our directory, standard streams and environment. `lock`: a descriptor for it to have as its number 3,
   * and then it may outlive us; without one it dies with us. Throws SystemError.
   */
  constructor(words: readonly string[], lock: number | null) {
    const kept = FOR_NODE.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    });
    const job: LaunchJob = {
      parentPid: lock === null ? process.pid : null,
      inherit: lock !== null,
      environment: Object.fromEntries(kept),
    };
    const [ours, its] = socketPair();
    try {
      this.pid = spawnProcess({
        path: process.execPath,
        words: [process.execPath, SMALL_POOL, LAUNCHER, JSON.stringify(job), ...words],
        environment: environment(),
        descriptors: [
          [STDIN, STDIN],
          [STDOUT, STDOUT],
          [its, STDERR],
          ...(lock === null ? [] : [[lock, INHERITED] as const]),
          [its, REPORT],
          [STDERR, LATER_STDERR],
        ],
      });
    } catch (error) {
      closeSync(ours);
      throw error;
    } finally {
      closeSync(its);
    }
    this.ended = endOf(this.pid).finally(() => {
      this.#over = true;
    });
    this.#report = new Socket({ fd: ours, readable: true, writable: true });
    this.#report.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text;
    });
    // A killed process no longer reads that it may go, and left unread what it was told. Its end tells the rest.
    this.#report.on('error', () => {});
    this.#closed = new Promise((resolve) => {
      this.#report.on('close', () => resolve());
    });
  }

  /** Settles when it can begin; with what is known of the reason, if it never can. */
  async ready(): Promise<true | string> {
    const heard = new Promise<void>((resolve) => {
      this.#report.on('data', () => {
        if (this.#said.includes(READY)) resolve();
      });
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.#isLate = true;
        resolve();
      }, READY_LIMIT_MS);
    });
    await Promise.race([heard, this.#closed, late]);
    clearTimeout(timer);
    return this.#said.includes(READY) || this.#said.trim();
  }

  /** It waits for something that does not come: the caller that abandons it ends it. */
  get isLate(): boolean {
    return this.#isLate;
  }

  /** Lets it begin; once. Settles when it has; with why not, an errno's name, if it could not. */
  async begin(): Promise<string | null> {
    this.#report.write('.');
    await this.#closed;
    const failure = this.#said.slice(this.#said.indexOf(READY) + READY.length);
    return failure === '' ? null : failure;
  }

  /** Nothing happens if it has ended: its pid may be another's by now. */
  readonly kill = (signal: NodeJS.Signals): void => {
    if (!this.#over) process.kill(this.pid, constants.signals[signal]);
  };

  /** Ends it, however far it has come, and waits until it is gone. */
  async abandon(): Promise<End> {
    this.kill('SIGKILL');
    this.#report.destroy();
    return this.ended;
  }
}
