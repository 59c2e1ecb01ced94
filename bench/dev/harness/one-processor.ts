/**
 * Two programs are compared on the same processor: one that has it alone and one that is moved about would differ by that.
 */
import { allowedProcessors, runOn } from '../../../strategies/posix/affinity.js';

/**
 * What `start` spawns until it has settled inherits one processor, and keeps it: the last one, since interrupts prefer the
 * first. Nothing else may be started meanwhile.
 */
export async function onOneProcessorUntil<T>(start: () => Promise<T>): Promise<T> {
  const allowed = allowedProcessors();
  runOn(allowed.slice(-1));
  try {
    return await start();
  } finally {
    runOn(allowed);
  }
}
