/**
 * The command of a daemon as a child process: signals go to it, its end is ours.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { environment, FOR_NODE } from '../measure/parent/child.js';
import { type LaunchJob, REPORT } from './launch-job.js';

export interface Command {
  readonly pid: number;
  /** Lets it begin. Settles when it has; with why not, an errno's name, if it could not. */
  begin(): Promise<string | null>;
  kill(signal: NodeJS.Signals): void;
  /** The exit code of its end, as a shell has it. */
  readonly ended: Promise<number>;
}

const LAUNCHER = fileURLToPath(new URL('launch.js', import.meta.url));

/** 128 and the signal's number, as a shell has it. */
export const codeOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

/**
 * Prepares a process that becomes the command, with our directory, standard streams and environment. `lock`: a descriptor
 * for it to have as its number 3, and then it may outlive us; without one it dies with us.
 */
export async function prepareCommand(words: readonly string[], lock: number | null): Promise<Command> {
  const kept = FOR_NODE.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  const job: LaunchJob = {
    parentPid: lock === null ? process.pid : null,
    inherit: lock !== null,
    environment: Object.fromEntries(kept),
  };
  const child = spawn(process.execPath, [LAUNCHER, JSON.stringify(job), ...words], {
    stdio: ['inherit', 'inherit', 'inherit', lock ?? 'ignore', 'pipe'],
    env: environment(),
  });
  const ended = new Promise<number>((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? codeOf(signal ?? 'SIGKILL')));
  });
  await once(child, 'spawn');
  const report = child.stdio[REPORT] as Duplex;
  let failure = '';
  report.setEncoding('utf8').on('data', (text: string) => {
    failure += text;
  });
  // A launcher that was killed has nobody to read that it may go.
  report.on('error', () => {});
  return {
    pid: child.pid as number,
    async begin() {
      const closed = once(report, 'end');
      report.write('.');
      await closed;
      return failure === '' ? null : failure;
    },
    kill: (signal) => child.kill(signal),
    ended,
  };
}
