/**
 * Daemons for tests: started as a user would, and ended with the test, whatever they left.
 */
import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { tokenAt } from '../../bench/onedaemon/daemon-site.js';
import { type WayName, wayNames } from '../../bench/onedaemon/ways.js';
import { pagePath } from '../../strategies/shared/memory-page.js';
import { until } from './limit.js';
import { isStopped } from './processes.js';
import {
  type Ended,
  lockbench,
  type Started,
  type StartOptions,
  start,
  temporaryDirectory,
} from './support.js';

export { wayNames };

/** The text of a file; null if it is not there. */
export function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

export const childrenOf = (pid: number): number[] =>
  (textOf(`/proc/${pid}/task/${pid}/children`) ?? '').trim().split(' ').filter(Boolean).map(Number);

/** How the kernel calls a process; null if it has ended, reaped or not. */
export function nameOf(pid: number): string | null {
  const [, name, state] = /\((.*)\) (.)/s.exec(textOf(`/proc/${pid}/stat`) ?? '') ?? [];
  return name === undefined || state === 'Z' ? null : name;
}

/** What a descriptor is open on; nothing if it was closed since it was listed, as a loader does with its libraries. */
function fileOf(pid: number, fd: string): string[] {
  try {
    return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** What the descriptors of a process are open on, but for its standard streams, which may be sockets of ours. */
export const filesOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/fd`)
    .filter((fd) => Number(fd) > 2)
    .flatMap((fd) => fileOf(pid, fd));

export interface Running {
  readonly daemon: Started;
  /** The command's process. */
  readonly command: number;
}

export interface Stopped {
  readonly daemon: Started;
  /** The process that is to become the command. */
  readonly launcher: number;
}

/** Nothing for a process that has just ended. */
function signal(pid: number, which: NodeJS.Signals): void {
  try {
    process.kill(pid, which);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** One daemon's pid file, in a directory of its own. */
export class Bench {
  readonly directory: string;
  readonly pidFile: string;

  constructor(
    private readonly test: TestContext,
    private readonly way: WayName,
  ) {
    // Before the directory goes, whose removal is asked for next: the page is named by the file.
    test.after(() => {
      if (textOf(this.pidFile) !== null) rmSync(this.page, { force: true });
    });
    this.directory = temporaryDirectory(test);
    this.pidFile = join(this.directory, 'x.pid');
  }

  #args(command: readonly string[], options: readonly string[]): string[] {
    const after = command.length === 0 ? [] : ['--', ...command];
    return ['onedaemon', '--pidfile', this.pidFile, '--by', this.way, ...options, ...after];
  }

  /** Starts it in a session of its own: what is typed at the terminal of the tests is not for it. */
  start(command: readonly string[], options: readonly string[] = [], how: StartOptions = {}): Started {
    const daemon = start(this.#args(command, options), { detached: true, ...how });
    this.test.after(() => daemon.kill('SIGKILL'));
    return daemon;
  }

  /** Runs it to its end. */
  run(command: readonly string[], options: readonly string[] = [], how: StartOptions = {}): Promise<Ended> {
    return lockbench(this.#args(command, options), { detached: true, ...how });
  }

  /** Starts a command that lasts, and waits until it runs. */
  async running(command = ['sleep', '1000'], options: readonly string[] = []): Promise<Running> {
    const daemon = this.start(command, options);
    const [name = ''] = command;
    let child: number | undefined;
    await until(`${name} runs`, () => {
      child = childrenOf(daemon.pid).find((pid) => nameOf(pid) === name);
      return child !== undefined;
    });
    const pid = child as number;
    this.test.after(() => this.end(pid));
    return { daemon, command: pid };
  }

  /**
   * Starts a command, whose process is stopped before it has become the command. One that became it before is ended, and
   * another is tried; `isEarly` tells whether it was stopped soon enough.
   */
  async stoppedStart(
    command: readonly string[],
    isEarly: (launcher: number) => boolean = (launcher) => nameOf(launcher) !== basename(command[0] ?? ''),
  ): Promise<Stopped> {
    for (;;) {
      const daemon = this.start(command);
      let launcher = 0;
      await until('the command is being started', () => {
        [launcher = 0] = childrenOf(daemon.pid);
        return launcher !== 0;
      });
      signal(launcher, 'SIGSTOP');
      this.test.after(() => this.end(launcher));
      await until('it is stopped', () => isStopped(launcher) || nameOf(launcher) === null);
      if (nameOf(launcher) !== null && isEarly(launcher)) return { daemon, launcher };
      daemon.kill('SIGKILL');
      this.end(launcher);
      await daemon.ended;
    }
  }

  /** Where the flag of shm-flag lies. */
  get page(): string {
    return pagePath({ token: tokenAt(this.pidFile) });
  }

  /** What stands in the pid file; null if there is none. */
  get pid(): string | null {
    return textOf(this.pidFile);
  }

  /** Ends a process that this test started, if it is still there. */
  end(pid: number): void {
    if (nameOf(pid) !== null) signal(pid, 'SIGKILL');
  }
}
