/**
 * Two programs are compared on the same processor: one that has it alone and one that is moved about would differ by that.
 */
import { allowedProcessors, runOn } from '../../../strategies/posix/affinity.js';

/**
 * Starts processes so that they stay on one processor: what `start` spawns before it returns inherits it, and keeps it.
 * It is the last one, since interrupts prefer the first.
 */
export function onOneProcessor<T>(start: () => T): T {
  const allowed = allowedProcessors();
  runOn(allowed.slice(-1));
  try {
    return start();
  } finally {
    runOn(allowed);
  }
}

/** The same for what is done later: nothing else may be started meanwhile. */
export async function onOneProcessorUntil<T>(start: () => Promise<T>): Promise<T> {
  const allowed = allowedProcessors();
  runOn(allowed.slice(-1));
  try {
    return await start();
  } finally {
    runOn(allowed);
  }
}
