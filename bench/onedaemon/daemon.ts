/**
 * A daemon that runs once: the lock, then the command; or, if another has the lock, the sentence about that.
 */
import { basename } from 'node:path';
import { leaveToTheKernel } from '../../strategies/posix/own-process.js';
import { meaningOf } from '../base/errno-names.js';
import { endedBy, INCOMPLETE } from '../base/exit-codes.js';
import { visible } from '../base/visible.js';
import { endWithCodeOf, say } from '../text/standard-streams.js';
import { type DaemonLock, type LockRequest, lockPidFile, staysOfTheDead } from './daemon-lock.js';
import { callOurselves } from './holder.js';
import { codeOf, JobProcess } from './job-process.js';
import { catchSignals, PASSED_ON, type Signals } from './signals.js';

export interface DaemonRequest extends LockRequest {
  /** The program and its arguments; null to hold the lock until a signal comes. */
  readonly command: readonly string[] | null;
}

/** `problems`: what went wrong, a line each; with an exit code of the command's it is only what could not be tidied. */
export type Outcome =
  | { readonly ran: true; readonly code: number; readonly problems: readonly string[] }
  | { readonly ran: false; readonly refusal: string };

interface Ended {
  readonly code: number;
  readonly problems: readonly string[];
}

/** What shells end with that cannot start a command. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
const MISSING = ['ENOENT', 'ENOTDIR'];

function notStarted(program: string, errno: string): Ended {
  const isMissing = MISSING.includes(errno);
  const words = isMissing ? 'command not found' : 'cannot be executed';
  return {
    code: isMissing ? NOT_FOUND : NOT_EXECUTABLE,
    problems: [`${program}: ${words} (${meaningOf(errno)})`],
  };
}

const failed = (why: string): Ended => ({ code: INCOMPLETE, problems: [why] });

/** What the system refused; anything else is a mistake of ours, and is thrown again. */
function messageOf(error: unknown): string {
  if (error instanceof Error && 'syscall' in error) return error.message;
  throw error;
}

/** Null if the pid stands in the file; else why not. */
function writeOrSay(lock: DaemonLock, pid: number): string | null {
  try {
    lock.writePid(pid);
    return null;
  } catch (error) {
    return `the pid could not be written to ${lock.pidFile}: ${(error as Error).message}`;
  }
}

/** Signals by which a process that crashes ends itself; all others were sent to it. */
const CRASHES: readonly NodeJS.Signals[] = ['SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSEGV', 'SIGTRAP'];

/** The process that was to become the command ended before. `said`: what it had to say about that. */
async function endedEarly(job: JobProcess, said: string): Promise<Ended> {
  const end = await job.abandon();
  const code = codeOf(end);
  const crashed = job.isLate || 'code' in end || CRASHES.some((name) => endedBy(name) === code);
  if (!crashed) return { code, problems: [] };
  // Where no more threads are allowed, Node aborts: it says so in a dump of its own state, or says nothing.
  const why =
    /(uv_thread|pthread)_create/.test(said) || (said === '' && (job.isLate || code === endedBy('SIGABRT')))
      ? 'EAGAIN: Node could not create its threads; the limit of processes (ulimit -u, pids.max) may be reached'
      : (said.split('\n').find((line) => line.trim() !== '') ?? `exit code ${code}`);
  return failed(`the command could not be started: its process ended before it had begun: ${why.trim()}`);
}

/**
 * Whose pid is written? That of the process to end so that the lock goes: ours, which pass signals on. A command that has
 * inherited the lock keeps it when we are gone, so then it is the command's.
 *
 * The process of the command waits for our word, and we for its. Whatever ends one of the two, or is thrown in between, ends
 * the other: it is abandoned, not waited for.
 */
async function runCommand(
  words: readonly string[],
  lock: DaemonLock,
  inherit: boolean,
  signals: Signals,
): Promise<Ended> {
  const [program = ''] = words;
  let job: JobProcess | null = null;
  let begins = false;
  try {
    job = new JobProcess(words, inherit ? lock.fd : null);
    const unwritten = writeOrSay(lock, inherit ? job.pid : process.pid);
    if (unwritten !== null) return failed(unwritten);
    const first = await Promise.race([job.ready(), signals.ending.then((signal) => ({ signal }))]);
    if (typeof first === 'object') return { code: endedBy(first.signal), problems: [] };
    if (first !== true) return await endedEarly(job, first);
    begins = true;
    const beginning = job.begin();
    // From here on a signal ends it as it would end the command, whichever of the two it is just then.
    signals.passTo(job.kill);
    const failure = await beginning;
    if (failure !== null) return notStarted(program, failure);
    return { code: codeOf(await job.ended), problems: [] };
  } catch (error) {
    return failed(`the command could not be started: ${messageOf(error)}`);
  } finally {
    if (job !== null && !begins) await job.abandon();
  }
}

async function waitForSignal(lock: DaemonLock, signals: Signals): Promise<Ended> {
  const unwritten = writeOrSay(lock, process.pid);
  if (unwritten !== null) return failed(unwritten);
  return { code: endedBy(await signals.ending), problems: [] };
}

/**
 * The code of a lock from outside may end this process, and with 0, which says that a command has run and succeeded: then it ends
 * with what is known by then, and a sentence. To be undone when none of that code runs any more.
 */
function watchForExit(way: string, known: () => number | null): { undo(): void } {
  const onExit = (): void => {
    const code = known();
    endWithCodeOf(code ?? INCOMPLETE);
    const when = code === null ? 'before the command had run to its end' : 'before it was unlocked';
    say(visible(`lockbench: --by ${way}: this lock ended the process that held it, ${when}`));
  };
  // Those that see to the exit code, and end the process for good, stand in the list already.
  process.prependListener('exit', onExit);
  return { undo: () => process.off('exit', onExit) };
}

const NEVER_MS = 2 ** 31 - 1;

/** Settles when the command has ended. Throws UsageError. */
export async function runDaemon(request: DaemonRequest): Promise<Outcome> {
  const known: Known = { code: null };
  const exit = watchForExit(request.way, () => known.code);
  try {
    return await runAlone(request, known);
  } finally {
    exit.undo();
  }
}

/** `code`: the command's, once it has ended. */
interface Known {
  code: number | null;
}

async function runAlone({ command, ...request }: DaemonRequest, known: Known): Promise<Outcome> {
  callOurselves(command === null ? null : basename(command[0] ?? ''));
  // The file may be on a server that does not answer: then nothing but the kernel can end us. A lock that would stay is waited for.
  if (!(await staysOfTheDead(request.way))) leaveToTheKernel(PASSED_ON);
  const attempt = await lockPidFile(request);
  if (!attempt.got) return { ran: false, refusal: attempt.refusal };
  // Before the pid can be read by somebody who would signal it.
  const signals = catchSignals();
  const { lock } = attempt;
  // Node ends when nothing is left to happen, and a signal that may come does not count.
  const awake = setInterval(() => {}, NEVER_MS);
  let problems: readonly string[] = [];
  let ended: Ended | null = null;
  try {
    ended =
      command === null
        ? await waitForSignal(lock, signals)
        : await runCommand(command, lock, request.inherit, signals);
    known.code = ended.code;
  } finally {
    clearInterval(awake);
    problems = lock.release();
  }
  return { ran: true, code: ended.code, problems: [...ended.problems, ...problems] };
}
