/**
 * Waiting for a process that may be stuck in a system call: on a file system that does not answer, not even SIGKILL ends it
 * (state D). A process that is slow because others use the processor is not stuck, however slow it is: what counts is the
 * time for which it sleeps and does nothing at all. Source: proc_pid_stat(5).
 */
import { readFileSync } from 'node:fs';
import { now } from '../../../strategies/posix/clock.js';
import { Told } from '../../base/told.js';

/** Between two looks. */
const LOOK_MS = 100;

/** What was asked of a file system has no answer. */
export class NoAnswer extends Told {
  override readonly name = 'NoAnswer';
  /** `wasAsked`: false if nothing was asked of it, since something before had no answer. */
  constructor(readonly wasAsked = true) {
    super('the file system does not answer');
  }
}

/** In which the kernel counts processor time for programs. Source: proc_pid_stat(5), sysconf(3). */
const TICK_NS = 10e6;

/** What a process does; null if it has ended, or cannot be looked at. */
function activityOf(pid: number | undefined): { isAsleep: boolean; cpuNs: number } | null {
  try {
    const [, state = '', rest = ''] =
      /\) (\S) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
    // Fields 14 and 15 of the line, of which two stand before the state: its processor time.
    const [user, system] = rest.split(' ').slice(10, 12).map(Number);
    return { isAsleep: 'SDTt'.includes(state), cpuNs: ((user ?? 0) + (system ?? 0)) * TICK_NS };
  } catch {
    return null;
  }
}

/** What a process did so far, as a number that stays the same while it does nothing; null if it runs, or has ended. */
function stillness(pid: number | undefined): number | null {
  const activity = activityOf(pid);
  return activity?.isAsleep ? activity.cpuNs : null;
}

/**
 * Passes `work` through, which needs the process `pid` to go on; throws NoAnswer when that has done nothing for longer than
 * `limitNs` tells, which is asked at each look.
 */
export async function unlessStuck<T>(
  work: Promise<T>,
  pid: number | undefined,
  limitNs: () => number,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const stuck = new Promise<never>((_, reject) => {
    let [before, last, stillNs] = [stillness(pid), now(), 0];
    timer = setInterval(() => {
      const [still, at] = [stillness(pid), now()];
      // If we were kept from looking, the process may have been, too.
      stillNs = still !== null && still === before ? stillNs + Math.min(Number(at - last), 2e6 * LOOK_MS) : 0;
      [before, last] = [still, at];
      // An answer may lie there unread, if we were kept from reading: what has come is read before the loop's next check.
      if (stillNs >= limitNs()) setImmediate(() => reject(new NoAnswer()));
    }, LOOK_MS);
  });
  try {
    return await Promise.race([work, stuck]);
  } finally {
    clearInterval(timer);
  }
}

/** What an answer may take of a process. Neither grows while the process waits for a processor. */
export interface Means {
  readonly cpuNs: number;
  readonly asleepNs: number;
}

/** For one answer, and for the start before the first one. Ours compute no longer than their processor is slow. */
export const MEANS: Means = { cpuNs: 120e9, asleepNs: 30e9 };
/** A lock from outside may compute for ever. */
export const MEANS_OF_OUTSIDE_LOCK: Means = { cpuNs: 30e9, asleepNs: 30e9 };

/** A process used up its means, and gave no answer. */
export class OutOfMeans extends Told {
  override readonly name = 'OutOfMeans';
  /** Whether it waits for something. */
  readonly sleeps: boolean;
  /** `asleepNs`: null if it computed. */
  constructor(cpuNs: number, asleepNs: number | null) {
    super(
      asleepNs === null
        ? `no answer after ${cpuNs / 1e9} s of processor time`
        : `no answer after ${asleepNs / 1e9} s`,
    );
    this.sleeps = asleepNs !== null;
  }
}

/** Passes `work` through, which the process `pid` does; throws OutOfMeans when that has taken more than it may by now. */
export async function withinMeans<T>(
  work: Promise<T>,
  pid: number | undefined,
  means: () => Means,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const spent = new Promise<never>((_, reject) => {
    const begun = activityOf(pid)?.cpuNs ?? 0;
    let [wasAsleep, last, sleptNs] = [false, now(), 0];
    timer = setInterval(() => {
      const [activity, at] = [activityOf(pid), now()];
      // Where it cannot be looked at, all time counts.
      const isAsleep = activity?.isAsleep ?? true;
      if (isAsleep && wasAsleep) sleptNs += Math.min(Number(at - last), 2e6 * LOOK_MS);
      [wasAsleep, last] = [isAsleep, at];
      const { cpuNs, asleepNs } = means();
      if (sleptNs >= asleepNs) setImmediate(() => reject(new OutOfMeans(cpuNs, asleepNs)));
      else if ((activity?.cpuNs ?? 0) - begun >= cpuNs)
        setImmediate(() => reject(new OutOfMeans(cpuNs, null)));
    }, LOOK_MS);
  });
  try {
    return await Promise.race([work, spent]);
  } finally {
    clearInterval(timer);
  }
}

/** After SIGKILL a process that does nothing and has not ended is stuck in the kernel. */
const STUCK_NS = 2e9;

/** Waits for the end of a process that has been killed; false if it is stuck, and left to itself. */
export async function endedOrAbandoned(child: {
  readonly pid: number | undefined;
  readonly gone: Promise<void>;
  abandon(): void;
}): Promise<boolean> {
  try {
    await unlessStuck(child.gone, child.pid, () => STUCK_NS);
    return true;
  } catch {
    child.abandon();
    return false;
  }
}
