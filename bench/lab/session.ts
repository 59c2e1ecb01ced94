/**
 * Something done in the lab, wherever the lab is: on this kernel, or by the same program in a virtual machine.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeWorkDirectory } from '../machine/files/work-directory.js';
import { ownProgram } from '../machine/project.js';
import { findKernel, type Kernel } from './kernel.js';
import { type Lab, withLab } from './lab.js';
import { LabError } from './lab-error.js';
import { againInOwnMounts, hasOwnMounts } from './own-mounts.js';
import { describeMissing, missingFor } from './requirements.js';
import { filling, GUEST_DISK, makeDisk, runInVm, type Streams, type VmOptions } from './run-in-vm.js';

/** Throws LabError, with what to install, when the lab cannot work on that way. */
function requireFor(way: 'vm' | 'host', kernel: Kernel | null): void {
  const missing = missingFor(way, kernel);
  if (missing.reasons.length > 0) throw new LabError(`the lab needs ${describeMissing(missing)}`);
}

function requireMachine(kernel: string | undefined, modules: string | undefined): Kernel {
  const found = findKernel(kernel, modules);
  requireFor('vm', found.found ? found.kernel : null);
  if (!found.found) throw new LabError(`no kernel will do: ${found.reasons.join('; ')}`);
  return found.kernel;
}

/** For who does something else before the lab. Throws what bringing it up would throw when something is missing. */
export function requireLab({
  on,
  kernel,
  modules,
}: Pick<VmSession, 'kernel' | 'modules'> & { on: 'vm' | 'host' }): void {
  if (on === 'host') requireFor('host', null);
  else requireMachine(kernel, modules);
}

export interface HostSession {
  /** A block device or an image; undefined for an image that is made and removed. */
  readonly disk: string | undefined;
  readonly roundTripNs: number;
  /** See LabOptions. */
  readonly leaseNs?: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Brings up the lab on this kernel and does `action` there, which returns an exit code. Starts the program again if it
 * has no mount namespace of its own, and returns what that returns. Throws LabError.
 */
export async function onThisKernel(
  session: HostSession,
  action: (lab: Lab) => Promise<number>,
): Promise<number> {
  if (!hasOwnMounts()) {
    requireFor('host', null);
    return againInOwnMounts();
  }
  const { disk, roundTripNs, leaseNs, signal } = session;
  const options = { roundTripNs, leaseNs, signal };
  if (disk !== undefined) return withLab({ ...options, disk }, action);
  const { path, remove } = makeWorkDirectory(tmpdir(), 'disk');
  try {
    const image = join(path, 'disk');
    filling(tmpdir(), () => makeDisk(image));
    return await withLab({ ...options, disk: image }, action);
  } finally {
    remove();
  }
}

export interface VmSession extends Omit<VmOptions, 'kernel'> {
  /** As named by the user; undefined for an installed or fetched one. */
  readonly kernel: string | undefined;
  readonly modules: string | undefined;
  readonly roundTripNs: number;
}

/**
 * Runs this program in a virtual machine: `words` are a command of lockbench and its options, which gets `--on host` and
 * what goes with it added. Returns its exit code. Throws LabError, or UsageError for a named kernel that will not do.
 */
export async function inVm(
  [command = '', subcommand = '', ...words]: readonly string[],
  session: VmSession,
  streams: Streams,
): Promise<number> {
  const kernel = requireMachine(session.kernel, session.modules);
  const inner = [
    ...[process.execPath, ownProgram, command, subcommand],
    ...['--on', 'host', '--disk', GUEST_DISK, '--rtt', `${session.roundTripNs}ns`],
    ...words,
  ];
  const { exitCode } = await runInVm(inner, process.cwd(), { ...session, kernel }, streams);
  return exitCode;
}
