/**
 * The command flock of util-linux as a lock, in the way of shell scripts: `flock -n 9` locks a descriptor that it shares with
 * the one who called it, and ends; the lock stays with the descriptor. It is called anew for each try and each release.
 *
 * It is tried, and never made to wait: a command that waits would outlive a worker that is killed. It is asynchronous, since
 * a worker whose lock is not keeps its descriptors from the threads that Node starts commands with.
 */
import { spawn, spawnSync } from 'node:child_process';
import type { AsyncStrategy } from '../../strategies/strategy.js';

/** The command's exit code when another holds the lock. Source: flock(1). */
const HELD = 1;
/** Where the command finds the descriptor. */
const FD = 3;

/** Runs the command on a descriptor of ours. Rejects with an Error if it ends otherwise than is expected. */
function flock(option: string, fd: number, expected: readonly number[]): Promise<number> {
  const child = spawn('flock', [option, String(FD)], { stdio: ['ignore', 'ignore', 'pipe', fd] });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (status !== null && expected.includes(status)) resolve(status);
      else
        reject(
          new Error(`flock ${option}: ${said.trim() || `ended with ${signal ?? `exit code ${status}`}`}`),
        );
    });
  });
}

export const strategy: AsyncStrategy = {
  name: 'flock(1)',
  title: 'the command flock',
  family: 'kernel file lock',
  source: 'flock(1)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'released',
    owner: 'open-file-description',
  },
  calls: 'asynchronous',
  probe() {
    const { error } = spawnSync('flock', ['--version'], { stdio: 'ignore' });
    return error === undefined
      ? { available: true }
      : {
          available: false,
          reason: 'there is no command flock; install one, for example with "apt-get install util-linux"',
        };
  },
  open: ({ fd }) => ({
    tryLock: async () => (await flock('-n', fd, [0, HELD])) === 0,
    async unlock() {
      await flock('-u', fd, [0]);
    },
    close() {},
  }),
};
