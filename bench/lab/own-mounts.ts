/**
 * A mount namespace for this program alone: the lab mounts its exports where its parent sees them, and nobody else on
 * the host is to see them, nor to find them there if the program is killed. A process with threads, as every Node is,
 * cannot change its own; so the program starts itself again.
 */

import { spawn } from 'node:child_process';
import { ENDING_SIGNALS, endedBy } from '../base/exit-codes.js';
import { signalChild } from '../base/signal-child.js';
import { killWithParent } from '../machine/tied-processes.js';

/** Set for a process that has a mount namespace to itself. */
export const OWN_MOUNTS = 'LOCKBENCH_OWN_MOUNTS';

export const hasOwnMounts = (): boolean => process.env[OWN_MOUNTS] === '1';

/** Runs this very command line again, in a mount namespace of its own; returns its exit code. */
export async function againInOwnMounts(): Promise<number> {
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn(...killWithParent(['unshare', '--mount', '--', ...again]), {
    stdio: 'inherit',
    env: { ...process.env, [OWN_MOUNTS]: '1' },
  });
  const forward = (signal: NodeJS.Signals): void => {
    signalChild(child, signal);
  };
  for (const signal of ENDING_SIGNALS) process.on(signal, forward);
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve(code ?? endedBy(signal ?? 'SIGKILL')));
    });
  } finally {
    for (const signal of ENDING_SIGNALS) process.off(signal, forward);
  }
}
