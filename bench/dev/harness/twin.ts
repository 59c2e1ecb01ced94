/**
 * The C twin (twin.c and the files beside it) as a program: compiled when it is needed, run as the user that the workers
 * are, removed afterwards.
 */
import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { strategy as noLock } from '../../../strategies/none.js';
import { keyOf } from '../../../strategies/posix/sysv-semaphore.js';
import { sysvName } from '../../../strategies/shared/sysv-sem-lock.js';
import { strategy as sysv } from '../../../strategies/sysv-sem.js';
import { projectRoot } from '../../machine/host.js';
import type { Identity } from '../../machine/identity.js';
import { makeRoundDirectory } from '../../measure/parent/round-directory.js';
import { onOneProcessor } from './one-processor.js';
import { CannotMeasure, type Context } from './section.js';

const SOURCES = ['twin.c', 'twin-files.c', 'twin-names.c', 'twin-memory.c', 'twin-ipc.c'].map((name) =>
  join(projectRoot, 'bench', 'dev', 'harness', name),
);
const COMPILER = 'cc';
const COMPILER_MISSING = `there is no C compiler "${COMPILER}"; install one, for example with "apt-get install gcc libc6-dev"`;

/** The strategies that have a twin: all whose calls we make ourselves, one after the other. */
export const TWINS = [
  'none',
  ...(['fcntl', 'fcntl-range', 'ofd', 'lockf', 'flock'] as const),
  ...(['excl', 'excl-pid', 'excl-stale', 'link', 'symlink', 'mkdir', 'rename', 'trunc'] as const),
  ...(['shm-flag', 'ticket', 'futex', 'robust-mutex', 'rwlock'] as const),
  ...(['posix-sem', 'sysv-sem', 'sysv-sem-undo', 'pipe-token', 'eventfd'] as const),
  ...(['port', 'abstract-socket'] as const),
] as const;
/** The loop alone: no lock, and the number in memory. */
export const EMPTY = 'empty';
type Twinned = (typeof TWINS)[number] | typeof EMPTY;

const CALIBRATION_TURNS = 20_000;
const MOST_TURNS = 1e9;

/** The timed turns of a run: what they took by the clock, and of processor time. */
export interface TwinFigures {
  readonly turns: number;
  readonly wallNs: number;
  readonly cpuNs: number;
}

export interface Twin {
  /** Takes `turns` turns on one processor, once to warm up and once timed. Throws CannotMeasure if the twin fails. */
  run(strategy: Twinned, turns: number): Promise<TwinFigures>;
  /** How many turns last about `ns`. */
  turnsLasting(strategy: Twinned, ns: number): Promise<number>;
}

/** Runs a command to its end, or until `signal`, and returns its standard output. Throws an Error that tells why it failed. */
function output(
  command: string,
  args: readonly string[],
  identity: Identity | null,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = onOneProcessor(() =>
      spawn(command, args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        // Of its own, so that Ctrl-C at the terminal reaches us first.
        detached: true,
        cwd: '/',
        signal,
        killSignal: 'SIGKILL',
        ...identity,
      }),
    );
    let stdout = '';
    let stderr = '';
    let problem: Error | null = null;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', (error) => {
      problem = error;
    });
    // Only now is it gone, and makes no more files.
    child.on('close', (code, by) => {
      if (problem === null && code === 0) resolve(stdout);
      else
        reject(problem ?? new Error(`${command} ended with ${by ?? `exit code ${code}`}: ${stderr.trim()}`));
    });
  });
}

/**
 * Compiles the twin, lets `use` have it, and removes it whatever happens. Throws CannotMeasure without a compiler.
 */
export async function withTwin<T>(context: Context, use: (twin: Twin) => Promise<T>): Promise<T> {
  const { identity, memory, temporary, signal } = context;
  // Two places, since memory is often mounted so that no program can be run from it.
  const home = makeRoundDirectory(temporary, 1, noLock, identity);
  try {
    const program = join(home.job.dir, 'twin');
    await compileTwin(program, signal);
    // Its end removes the twin's System V semaphore, too, which a twin that is killed cannot.
    const roundDirectory = makeRoundDirectory(memory, 1, sysv, identity);
    const key = String(keyOf(sysvName(roundDirectory.job)));
    try {
      const run = async (strategy: Twinned, turns: number): Promise<TwinFigures> => {
        const args = [strategy, roundDirectory.job.dir, String(turns), key];
        const text = await output(program, args, identity, signal).catch((error: Error) => {
          // One lock's twin that fails says nothing of the others'.
          throw signal.aborted ? error : new CannotMeasure(error.message);
        });
        const [wallNs = Number.NaN, cpuNs = Number.NaN, final] = text.trim().split(' ').map(Number);
        if (final !== 1 + turns)
          throw new Error(`the C twin left ${final} after ${turns} turns of ${strategy}`);
        return { turns, wallNs, cpuNs };
      };
      return await use({
        run,
        async turnsLasting(strategy, ns) {
          const { wallNs, turns } = await run(strategy, CALIBRATION_TURNS);
          return Math.min(MOST_TURNS, Math.max(1, Math.round((ns * turns) / wallNs)));
        },
      });
    } finally {
      roundDirectory.destroy();
    }
  } finally {
    home.destroy();
  }
}

/** Compiles the twin to the file `program`. Throws CannotMeasure without a compiler. */
export async function compileTwin(program: string, signal: AbortSignal): Promise<void> {
  try {
    await output(COMPILER, ['-O2', '-Wall', '-Wextra', '-pthread', '-o', program, ...SOURCES], null, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new CannotMeasure(COMPILER_MISSING);
    throw error;
  }
  // The user that runs it did not make it, and our umask may be strict.
  chmodSync(program, 0o755);
}
