/**
 * Signals: the parent ends its workers, keeps what was finished, cleans up and tells by its exit code what ended it.
 */
import { endedBy } from '../../base/exit-codes.js';
import { killAllChildren } from './child.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interruption {
  readonly signal: AbortSignal;
  /** The signal that came, or null. */
  by(): string | null;
  /** 128 and the signal's number, or null if none came. */
  exitCode(): number | null;
  /** Signals do again what they did before. */
  end(): void;
}

export function interruptible(): Interruption {
  const controller = new AbortController();
  let came: (typeof SIGNALS)[number] | null = null;
  const handle = (signal: NodeJS.Signals): void => {
    came = SIGNALS.find((one) => one === signal) ?? null;
    controller.abort();
    killAllChildren();
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  return {
    signal: controller.signal,
    by: () => came,
    exitCode: () => (came === null ? null : endedBy(came)),
    end() {
      for (const signal of SIGNALS) process.off(signal, handle);
    },
  };
}

/**
 * Does what can be interrupted, and sets the exit code: `action`'s, unless a signal came. Throws what `action` throws.
 * `action` is given what is aborted by a signal, for what it starts besides the programs of bench/run.
 */
export async function interruptibly(action: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const interruption = interruptible();
  try {
    await action(interruption.signal);
  } catch (error) {
    // Whatever failed because its processes were killed under it.
    if (!interruption.signal.aborted) throw error;
  } finally {
    interruption.end();
  }
  process.exitCode = interruption.exitCode() ?? process.exitCode ?? 0;
}
