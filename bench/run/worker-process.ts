/**
 * A worker as its parent sees it: a child process, what it says, and how it ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { WorkerMessage } from './job.js';

const KEPT_STDERR = 2_000;

/** All children that may be alive: whatever ends the parent in order, ends them. */
const alive = new Set<ChildProcess>();

export function killAllWorkers(): void {
  for (const child of alive) child.kill('SIGKILL');
}

export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #messages: WorkerMessage[] = [];
  #wake: () => void = () => {};
  #stderr = '';
  #ended: string | null = null;
  /** Settles when the process is gone and all it said has been read. */
  readonly gone: Promise<void>;

  /** Starts `program`, a file beside this one, with `job` as its argument and `fd` as its descriptor 3. */
  constructor(program: string, job: unknown, fd: number | 'ignore') {
    const path = fileURLToPath(new URL(program, import.meta.url));
    // A process group of its own: Ctrl-C at the terminal reaches the parent first, which ends its workers in order.
    const child = spawn(process.execPath, [path, JSON.stringify(job)], {
      stdio: ['ignore', 'pipe', 'pipe', fd],
      detached: true,
      cwd: '/',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    this.#child = child;
    alive.add(child);
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#messages.push(JSON.parse(line) as WorkerMessage);
      this.#wake();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-KEPT_STDERR);
    });
    this.gone = new Promise((resolve) => {
      const end = (how: string) => {
        alive.delete(child);
        this.#ended = how;
        this.#wake();
        resolve();
      };
      child.on('error', (error) => end(`could not be started: ${error.message}`));
      child.on('close', (code, signal) =>
        end(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`),
      );
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The next thing it says. Throws an Error that tells why when it says nothing more. */
  async next(): Promise<WorkerMessage> {
    for (;;) {
      const message = this.#messages.shift();
      if (message?.at === 'error') throw new Error(message.message);
      if (message !== undefined) return message;
      if (this.#ended !== null) {
        const said = this.#stderr.trim();
        throw new Error(`worker ${this.pid ?? ''} ${this.#ended}${said === '' ? '' : `: ${said}`}`);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
