/**
 * A daemon that runs once: the lock, then the command; or, if another has the lock, the sentence about that.
 */
import { basename } from 'node:path';
import { type DaemonLock, type LockRequest, lockPidFile } from './daemon-lock.js';
import { callOurselves } from './holder.js';
import { codeOf, prepareCommand } from './job-process.js';
import { catchSignals, type Signals } from './signals.js';

export interface DaemonRequest extends LockRequest {
  /** The program and its arguments; null to hold the lock until a signal comes. */
  readonly command: readonly string[] | null;
}

export type Outcome =
  /** `failure`: why the command could not be started. */
  | { readonly ran: true; readonly code: number; readonly failure: string | null }
  | { readonly ran: false; readonly refusal: string };

/** What shells end with that cannot start a command. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
const MISSING = ['ENOENT', 'ENOTDIR'];

function wordsOfFailure(program: string, code: string): string {
  return `${program}: ${MISSING.includes(code) ? 'command not found' : 'cannot be executed'} (${code})`;
}

/**
 * Whose pid is written? That of the process to end so that the lock goes: ours, which pass signals on. A command that has
 * inherited the lock keeps it when we are gone, so then it is the command's.
 */
async function runCommand(
  words: readonly string[],
  lock: DaemonLock,
  inherit: boolean,
  signals: Signals,
): Promise<Outcome> {
  const [program = ''] = words;
  const command = await prepareCommand(words, inherit ? lock.fd : null);
  lock.writePid(inherit ? command.pid : process.pid);
  const failure = await command.begin();
  if (failure !== null) {
    const code = MISSING.includes(failure) ? NOT_FOUND : NOT_EXECUTABLE;
    return { ran: true, code, failure: wordsOfFailure(program, failure) };
  }
  signals.passTo(command.kill);
  return { ran: true, code: await command.ended, failure: null };
}

const NEVER_MS = 2 ** 31 - 1;

async function waitForSignal(lock: DaemonLock, signals: Signals): Promise<Outcome> {
  lock.writePid(process.pid);
  // Node ends when nothing is left to happen, and a signal that may come does not count.
  const awake = setInterval(() => {}, NEVER_MS);
  const signal = await signals.ending;
  clearInterval(awake);
  return { ran: true, code: codeOf(signal), failure: null };
}

/** Settles when the command has ended. Throws UsageError. */
export async function runDaemon({ command, ...request }: DaemonRequest): Promise<Outcome> {
  // Before the pid can be read by somebody who would signal it.
  const signals = catchSignals();
  callOurselves(command === null ? null : basename(command[0] ?? ''));
  const attempt = await lockPidFile(request);
  if (!attempt.got) return { ran: false, refusal: attempt.refusal };
  const { lock } = attempt;
  try {
    return command === null
      ? await waitForSignal(lock, signals)
      : await runCommand(command, lock, request.inherit, signals);
  } finally {
    lock.release();
  }
}
