/**
 * Signals to processes that we started.
 */
import type { ChildProcess } from 'node:child_process';

/**
 * Sends a signal to a child, if it was ever started. One that could not be, for want of descriptors perhaps, has no pid, but
 * Node keeps 0 for it, and `child.kill` would signal our whole process group.
 */
export function signalChild(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) child.kill(signal);
}
