/**
 * An experiment in the lab, and how what it finds comes out. On this kernel it is called; in a virtual machine the same
 * program runs it, and says what goes on and what it has found in lines of JSON, which come out of the machine's port.
 */
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { print } from '../text/standard-streams.js';
import type { Lab } from './lab.js';
import { LabError } from './lab-error.js';
import { type HostSession, inVm, onThisKernel, type VmSession } from './session.js';

/** What an experiment tells. `Result`: plain data; each one replaces the one before. */
export interface Listener<Result> {
  /** `what` begins, after `done` of `total` are over. */
  progress(what: string, done: number, total: number): void;
  /** What is known by now. */
  result(result: Result): void;
}

/** Does it, telling `listener`. Ends early, and in order, when `signal` is aborted. */
export type Experiment<Result> = (lab: Lab, listener: Listener<Result>, signal: AbortSignal) => Promise<void>;

type Line<Result> =
  | { readonly at: 'progress'; readonly what: string; readonly done: number; readonly total: number }
  | { readonly at: 'result'; readonly result: Result };

/** For the program in the machine: tells its standard output, where nothing else may go. */
export function tellingStdout<Result>(): Listener<Result> {
  const say = (line: Line<Result>): void => {
    print(JSON.stringify(line));
  };
  return {
    progress: (what, done, total) => say({ at: 'progress', what, done, total }),
    result: (result) => say({ at: 'result', result }),
  };
}

/** Where the lab is. */
export interface LabPlace extends Omit<HostSession, 'signal'>, Omit<VmSession, 'signal' | 'shared' | 'say'> {
  readonly on: 'vm' | 'host';
}

/** The virtual machine that is taken if nothing else is said. */
export const USUAL_PLACE: LabPlace = {
  on: 'vm',
  kernel: undefined,
  modules: undefined,
  accelerator: 'auto',
  memoryMiB: 2048,
  processors: null,
  disk: undefined,
  roundTripNs: 0,
  // An hour: who waits longer waits for a guest that hangs.
  deadlineNs: 3_600e9,
};

export interface ExperimentRequest<Result> {
  readonly roundDirectory: LabPlace;
  /** The command of lockbench that does the experiment with `tellingStdout`, for the virtual machine. */
  readonly words: readonly string[];
  readonly experiment: Experiment<Result>;
  readonly listener: Listener<Result>;
  readonly signal: AbortSignal;
  /** What goes on, for people. */
  readonly say: (text: string) => void;
}

/**
 * Brings the lab up, does the experiment in it, and takes it down. Returns 0, or what a command that had to be started
 * again returned. Throws LabError when the lab does not come up, or its program fails in it.
 */
export async function runExperiment<Result>(request: ExperimentRequest<Result>): Promise<number> {
  const { roundDirectory, words, experiment, listener, signal, say } = request;
  if (roundDirectory.on === 'host') {
    return onThisKernel({ ...roundDirectory, signal }, async (lab) => {
      await experiment(lab, listener, signal);
      return 0;
    });
  }
  const out = new PassThrough();
  const read = (async () => {
    for await (const text of createInterface({ input: out })) {
      const line = JSON.parse(text) as Line<Result>;
      if (line.at === 'progress') listener.progress(line.what, line.done, line.total);
      else listener.result(line.result);
    }
  })();
  let complaint = '';
  try {
    const code = await inVm(
      words,
      { ...roundDirectory, shared: null, signal, say },
      {
        out: (bytes) => out.write(bytes),
        err: (bytes) => {
          complaint += bytes.toString();
        },
        terminal: null,
      },
    );
    const said = complaint.trim();
    if (code !== 0) {
      throw new LabError(
        `the program in the virtual machine ended with exit code ${code}: ${said || 'it did not say why'}`,
      );
    }
    if (said !== '') say(said);
    return code;
  } finally {
    out.end();
    await read;
  }
}
