/**
 * A Slurm of one node for tests, in namespaces of its own, so that its daemons end with the one process that is started here.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { projectRoot } from '../../bench/machine/project.js';
import { killWithParent } from '../../bench/machine/tied-processes.js';
import { type Ended, hasCommand, isRoot, needs } from './support.js';

const NAMESPACES = ['--mount', '--net', '--uts', '--pid', '--fork', '--mount-proc', '--kill-child'];
const SCRIPT = join(projectRoot, 'test', 'fixtures', 'one-node-slurm.sh');
const PACKAGES = 'apt-get install slurm-wlm munge openmpi-bin libpmix-dev';
/** Where Debian's Slurm looks for it; the other packages bring libpmix.so.2 alone. */
const PMIX = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/pmix2/lib/libpmix.so`);

/** Skips a test where there is no Slurm, no Open MPI, or no namespaces. Returns whether to go on. */
export function needsSlurm(t: TestContext): boolean {
  const there =
    hasCommand('slurmctld', '-V') &&
    hasCommand('slurmd', '-V') &&
    hasCommand('munged', '--version') &&
    hasCommand('mpirun', '--version') &&
    PMIX.some((path) => existsSync(path));
  if (!needs(t, there, `Slurm with PMIx and Open MPI is not here; ${PACKAGES}`)) return false;
  return needs(t, isRoot && hasCommand('unshare', ...NAMESPACES, 'true'), 'its namespaces need root');
}

/** Starts a Slurm and a line of a shell in it. */
export const startUnderSlurm = (line: string): ChildProcess =>
  spawn(...killWithParent(['unshare', ...NAMESPACES, 'bash', SCRIPT, 'bash', '-c', line]), {
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Plays a line of a shell in a Slurm, to its end. */
export function underSlurm(line: string): Promise<Ended> {
  const child = startUnderSlurm(line);
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      printed[stream] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...printed }));
  });
}
