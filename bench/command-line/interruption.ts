/**
 * Signals: the parent ends its workers, keeps what was finished, cleans up and tells by its exit code what ended it. So it
 * does when nobody reads its output any more: Node ignores SIGPIPE, which would end another program then.
 */
import { hasOutsideLocks } from '../../strategies/index.js';
import { ENDING_SIGNALS, endedBy } from '../base/exit-codes.js';
import { killAllChildren } from '../measure/parent/child.js';
import { endKeepers, hurry } from '../measure/parent/kept-directories.js';
import { endStrays } from '../measure/parent/strays.js';
import { takeUnremoved } from '../measure/parent/unremoved.js';
import { onUnread, say } from '../text/standard-streams.js';

export interface Interruption {
  readonly signal: AbortSignal;
  /** The signal that came, or null. */
  by(): NodeJS.Signals | null;
  /** 128 and the signal's number, or null if none came. */
  exitCode(): number | null;
  /** The exit code after an error. Throws it, unless a signal came: then it failed because its processes were killed under it. */
  exitCodeAfter(error: unknown): number;
  /** Signals do again what they did before; all that was kept from them ends, and what is still there is named. */
  end(): Promise<void>;
}

export function interruptible(): Interruption {
  const controller = new AbortController();
  let came: NodeJS.Signals | null = null;
  const handle = (signal: NodeJS.Signals): void => {
    came = signal;
    controller.abort();
    killAllChildren();
    hurry();
  };
  for (const signal of ENDING_SIGNALS) process.on(signal, handle);
  const stopListening = onUnread(() => handle('SIGPIPE'));
  return {
    signal: controller.signal,
    by: () => came,
    exitCode: () => (came === null ? null : endedBy(came)),
    exitCodeAfter(error) {
      if (came === null) throw error;
      return endedBy(came);
    },
    async end() {
      await endKeepers();
      if (hasOutsideLocks()) endStrays();
      for (const reason of takeUnremoved()) say(`lockbench: could not be removed: ${reason}`);
      stopListening();
      for (const signal of ENDING_SIGNALS) process.off(signal, handle);
    },
  };
}

/**
 * Does what can be interrupted, and sets the exit code: `action`'s, unless a signal came. Throws what `action` throws.
 * `action` is given what is aborted by a signal, for what it starts besides the programs of bench/run; `by`: the signal that
 * came, or null.
 */
export async function interruptibly(
  action: (signal: AbortSignal, by: () => NodeJS.Signals | null) => Promise<void>,
): Promise<void> {
  const interruption = interruptible();
  try {
    await action(interruption.signal, interruption.by);
  } catch (error) {
    // Whatever failed because its processes were killed under it.
    if (!interruption.signal.aborted) throw error;
  } finally {
    await interruption.end();
  }
  process.exitCode = interruption.exitCode() ?? process.exitCode ?? 0;
}
