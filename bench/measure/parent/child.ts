/**
 * A child process that runs one of our programs, or a worker in another language: what it says, a line of JSON each, and
 * how it ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MESSAGES_FD } from '../../base/program.js';
import { signalChild } from '../../base/signal-child.js';
import { ProgramEnded, Told } from '../../base/told.js';
import { quoted } from '../../base/visible.js';
import { MessageLines } from './message-lines.js';
import { MARKED } from './strays.js';

/** Of what it prints beside its messages, characters that are kept for the case that it fails. */
const KEPT_PRINT = 2_000;
/** Of what a lock prints that shall not, characters that are told. */
const SHOWN = 60;
/** Node's exit code when nothing is left to do and a promise is still waited for. Source: Node's documentation of process. */
const UNSETTLED = 13;

/** For what a child that has ended said last; nobody else writes to its streams, unless it gave them away. */
const GRACE_MS = 1_000;

/** Node aborts where it cannot create its threads, which count as processes. */
const NO_THREAD = /(uv_thread|pthread)_create/;

/** A Node that cannot start its threads may abort before it has said so. */
const ABORTED = 'was ended by SIGABRT';

/** What the system says where no process may be added. Source: clone(2). */
const NO_PROCESS = /^could not be started: .*\bEAGAIN\b/;

/** How a child is started. */
interface Start {
  /** Its descriptor 3; none if left out. */
  readonly fd?: number;
  /** A command to run it by, such as strace with its options. */
  readonly prefix?: readonly string[];
  /** Whether it reads its standard input, see `tell`. */
  readonly takesOrders?: boolean;
  /** Whether a signal to us spares it: it cleans up then. It never keeps us alive. */
  readonly staysForCleaning?: boolean;
  /** Its working directory; by default the root, so that it keeps no mount busy. */
  readonly cwd?: string;
}

/** One of our programs, the URL of a compiled file; or the words of a command in another language. */
export type Program = URL | readonly string[];

/** The words that run it, and what it is called in errors. */
function commandOf(program: Program): { words: readonly string[]; name: string } {
  if (!(program instanceof URL)) return { words: program, name: 'worker' };
  const path = fileURLToPath(program);
  const flags = flagsForChildren(process.execArgv, process.env.NODE_OPTIONS);
  return { words: [process.execPath, ...flags, path], name: basename(path, '.js') };
}

/** All children that may be alive: whatever ends the parent in order, ends them. */
const alive = new Set<ChildProcess>();

let ending = false;

/** Ends all children for good: none can be started any more. */
export function killAllChildren(): void {
  ending = true;
  for (const child of alive) signalChild(child, 'SIGKILL');
}

/**
 * What would slow a child's start or change its code: NODE_OPTIONS was meant for us, and extra certificates are parsed by
 * every Node that starts, 45 ms each.
 */
export const FOR_NODE = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'NODE_V8_COVERAGE'] as const;

/** Our environment without that. */
export function environment(): NodeJS.ProcessEnv {
  const rest = { ...process.env };
  for (const name of FOR_NODE) delete rest[name];
  return rest;
}

/** Flags that bring what strategies use, a module or TypeScript: without them a child would have another one than we, or none. */
const BRING_MODULES = [
  '--experimental-sqlite',
  '--experimental-strip-types',
  '--experimental-transform-types',
];

/** Those of ours, given on our command line (`execArgv`) or in NODE_OPTIONS, that a child must have. */
export function flagsForChildren(execArgv: readonly string[], nodeOptions = ''): string[] {
  const given = [...execArgv, ...nodeOptions.split(/\s+/)].map((flag) => flag.replaceAll('_', '-'));
  return BRING_MODULES.filter((flag) => given.includes(flag));
}

/** What every program may say last. */
interface Failure {
  readonly at: 'error';
  readonly message: string;
}

const isFailure = (message: { readonly at: string } | undefined): message is Failure =>
  message?.at === 'error';

function howItEnded(code: number | null, signal: NodeJS.Signals | null, isNode: boolean): string {
  if (signal !== null) return `was ended by ${signal}`;
  return code === UNSETTLED && isNode
    ? 'ended, since it waited for a promise that nothing settles any more'
    : `ended with exit code ${code}`;
}

/** `Message`: what the program says, told apart by `at`. */
export class Child<Message extends { readonly at: string }> {
  readonly #child: ChildProcess;
  readonly #what: string;
  readonly #lines = new MessageLines();
  #wake: () => void = () => {};
  #printed = '';
  #stdout = '';
  #ended: string | null = null;
  /** Settles when the process is gone and all it said has been read. */
  readonly gone: Promise<void>;

  /**
   * Starts `program` with `job` as its last argument.
   */
  constructor(
    program: Program,
    job: unknown,
    { fd, prefix = [], takesOrders = false, staysForCleaning = false, cwd = '/' }: Start = {},
  ) {
    if (ending && !staysForCleaning) throw new Told('the run is being ended');
    const { words, name } = commandOf(program);
    const [command = '', ...args] = [...prefix, ...words, JSON.stringify(job)];
    // A process group of its own: Ctrl-C at the terminal reaches the parent first, which ends its workers in order.
    const child = spawn(command, args, {
      stdio: [takesOrders ? 'pipe' : 'ignore', 'pipe', 'pipe', fd ?? 'ignore', 'pipe'],
      detached: true,
      cwd,
      env: { ...environment(), ...MARKED },
    });
    this.#child = child;
    this.#what = child.pid === undefined ? name : `${name} ${child.pid}`;
    if (staysForCleaning) this.#unref();
    else alive.add(child);
    // An order to a process that has just been killed finds no reader.
    child.stdin?.on('error', () => {});
    this.#said?.setEncoding('utf8').on('data', (text: string) => {
      this.#lines.add(text);
      // What floods us is read no further, and ended.
      if (this.#lines.isOver) this.kill();
      this.#wake();
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#printed = (this.#printed + text).slice(-KEPT_PRINT);
      });
    }
    child.stdout?.on('data', (text: string) => {
      this.#stdout = (this.#stdout + text).slice(0, SHOWN);
    });
    this.gone = new Promise((resolve) => {
      const end = (how: string) => {
        alive.delete(child);
        // The end of a child that could not be started is told twice, the second time without its reason.
        this.#ended ??= how;
        this.#wake();
        resolve();
      };
      child.on('error', (error) => end(`could not be started: ${error.message}`));
      child.on('close', (code, signal) => end(howItEnded(code, signal, program instanceof URL)));
      child.on('exit', () => this.#letGoOfStreams());
    });
  }

  /**
   * What it started itself may have its streams, and live on: then they never end, and neither would this child. All that it said
   * before it ended can be read by now.
   */
  #letGoOfStreams(): void {
    const timer = setTimeout(async () => {
      // What came while we were kept from running.
      await nextTurn();
      await nextTurn();
      for (const stream of this.#streams) stream?.destroy();
    }, GRACE_MS);
    void this.gone.then(() => clearTimeout(timer));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The next thing it says. Throws an Error that tells why when it says nothing more. */
  async next(): Promise<Exclude<Message, Failure>> {
    for (;;) {
      const message = this.#lines.next() as Message | Failure | undefined;
      if (isFailure(message)) throw new Told(message.message);
      if (message !== undefined) return message as Exclude<Message, Failure>;
      if (this.#ended !== null) {
        const printed = this.#printed.trim();
        const hasNoThread = NO_THREAD.test(printed);
        // The rest of that is a trace of Node's own functions.
        const said = hasNoThread ? 'it could not start its threads' : printed;
        const limit =
          hasNoThread || NO_PROCESS.test(this.#ended) || (said === '' && this.#ended === ABORTED)
            ? '; the limit of processes (ulimit -u, pids.max) may be reached'
            : '';
        throw new ProgramEnded(`${this.#what} ${this.#ended}${said === '' ? '' : `: ${said}`}${limit}`);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Throws an Error if a library that it loaded has printed something before its last message. */
  async requireSilence(): Promise<void> {
    // What lies in one pipe when another one is read, is read in the next turn of the loop at the latest.
    await nextTurn();
    await nextTurn();
    if (this.#stdout === '') return;
    throw new Error(
      `the lock printed ${quoted(this.#stdout)} to standard output; print nothing in it: that takes longer than many locks`,
    );
  }

  /** Gives an order, a line of text, to a program that takes orders; one that has ended hears nothing. */
  tell(order: string): void {
    this.#child.stdin?.write(`${order}\n`);
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    signalChild(this.#child, signal);
  }

  /** Whether it says nothing more. */
  get hasEnded(): boolean {
    return this.#ended !== null;
  }

  /** Such as "ended with exit code 0"; null while it lives. */
  get howItEnded(): string | null {
    return this.#ended;
  }

  /** It reads the end of its standard input. */
  noMoreOrders(): void {
    this.#child.stdin?.end();
  }

  /**
   * Kills it without waiting for its end, which the kernel may put off for ever: this process can end before it. `gone` may
   * never settle.
   */
  abandon(): void {
    this.kill();
    alive.delete(this.#child);
    for (const stream of this.#streams) stream?.destroy();
    this.#child.unref();
  }

  #unref(): void {
    this.#child.unref();
    // Pipes of a child are sockets.
    for (const stream of this.#streams) stream?.unref();
  }

  get #said(): Socket | undefined {
    // A process that could not be started for want of descriptors has no streams at all, whatever its type says.
    const streams: ChildProcess['stdio'] | undefined = this.#child.stdio;
    return streams?.[MESSAGES_FD] as Socket | undefined;
  }

  get #streams(): (Socket | null | undefined)[] {
    const { stdin, stdout, stderr } = this.#child;
    return [...([stdin, stdout, stderr] as (Socket | null)[]), this.#said];
  }
}
