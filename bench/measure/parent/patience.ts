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

/** What a process did so far, as a text that stays the same while it does nothing; null if it runs, or has ended. */
function stillness(pid: number | undefined): string | null {
  try {
    const [, state = '', rest = ''] =
      /\) (\S) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
    // Fields 14 and 15 of the line, of which two stand before the state: its processor time.
    const [user, system] = rest.split(' ').slice(10, 12);
    return 'SDTt'.includes(state) ? `${user} ${system}` : null;
  } catch {
    return null;
  }
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
      if (stillNs >= limitNs()) reject(new NoAnswer());
    }, LOOK_MS);
  });
  try {
    return await Promise.race([work, stuck]);
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
