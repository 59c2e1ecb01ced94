/**
 * A command in a virtual machine: made ready, run, its outputs handed on, all of it removed again.
 */

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, ftruncateSync, openSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../base/error-message.js';
import { makeWorkDirectory } from '../machine/files/work-directory.js';
import { untilMark } from './end-mark.js';
import { jobScript, makeInitramfs } from './initramfs.js';
import type { Kernel } from './kernel.js';
import { LabError } from './lab-error.js';
import { OWN_MOUNTS } from './own-mounts.js';
import { scriptPath, systemPath } from './scripts.js';
import {
  type Accelerator,
  kvmObstacle,
  type Machine,
  type MachineImage,
  startMachine,
} from './virtual-machine.js';

/** Sparse: what is not written takes no space. */
const DISK_BYTES = 1024 ** 3;
/** The guest's disk, as QEMU's virtio names it there. */
export const GUEST_DISK = '/dev/vda';
/** More do not make the lab faster, but heavier for its host. */
const MOST_PROCESSORS = 4;
const TOKEN_BYTES = 16;

export interface VmOptions {
  readonly kernel: Kernel;
  readonly accelerator: Accelerator | 'auto';
  readonly memoryMiB: number;
  /** Processors of the machine; null for those of the host, four at most. */
  readonly processors: number | null;
  /** A directory of the host that the guest may write to, at the same path there; null for none. */
  readonly shared: string | null;
  /** Longer than this, and the machine is killed; null for no limit. */
  readonly deadlineNs: number | null;
  /** Aborted when the user wants to stop. */
  readonly signal: AbortSignal;
  /** What goes on, for people. */
  readonly say: (text: string) => void;
}

/** What a command's outputs and its terminal are joined to. */
export interface Streams {
  readonly out: (bytes: Buffer) => void;
  readonly err: (bytes: Buffer) => void;
  /** The terminal's size, and what joins the guest's terminal to it; null for a command without a terminal. */
  readonly terminal: { readonly rows: number; readonly columns: number; join(machine: Machine): void } | null;
}

export interface VmOutcome {
  readonly exitCode: number;
  readonly accelerator: Accelerator;
}

/** An image of an empty ext4. All is initialised now: the kernel would do it later, in the midst of a measurement. */
export function makeDisk(path: string): void {
  const fd = openSync(path, 'wx', 0o600);
  ftruncateSync(fd, DISK_BYTES);
  closeSync(fd);
  const { status, stderr, error } = spawnSync(
    'mkfs.ext4',
    ['-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0', path],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, PATH: systemPath() }, encoding: 'utf8' },
  );
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(stderr.trim());
}

/** Does what fills `directory`. Throws LabError, with what to do, if it cannot be filled. */
export function filling<T>(directory: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const why = messageOf(error);
    throw new LabError(
      `the lab's files could not be made in ${directory}: ${why}; free some space there, or name another directory with TMPDIR`,
    );
  }
}

type Hardware = Pick<VmOptions, 'kernel' | 'memoryMiB' | 'processors' | 'shared'>;

/** All that a machine which runs `command` is made of, in the directory `work`. */
function makeImage(
  work: string,
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
  { kernel, memoryMiB, processors, shared }: Hardware,
): MachineImage {
  const image = {
    kernel: kernel.image,
    initramfs: join(work, 'initramfs'),
    disk: join(work, 'disk'),
    shared,
    memoryMiB,
    processors: processors ?? Math.min(availableParallelism(), MOST_PROCESSORS),
  };
  makeDisk(image.disk);
  const job = jobScript(['/bin/bash', scriptPath('guest.sh'), ...command], environment);
  makeInitramfs(image.initramfs, join(work, 'files'), kernel.modules, job);
  return image;
}

/** Whether KVM works here, seen by trying: null, or why it does not. */
export async function kvmFlaw(kernel: Kernel, signal: AbortSignal): Promise<string | null> {
  const obstacle = kvmObstacle();
  if (obstacle !== null) return obstacle;
  const work = makeWorkDirectory(tmpdir(), 'machine');
  try {
    const image = makeImage(work.path, [], {}, { kernel, memoryMiB: 512, processors: 1, shared: null });
    const machine = await startMachine(image, 'kvm', signal, () => {});
    machine.kill();
    await machine.gone;
    return null;
  } catch (error) {
    if (error instanceof LabError) return messageOf(error);
    throw error;
  } finally {
    work.remove();
  }
}

/**
 * Runs `command` as root in a virtual machine, in `directory`, a path of the host. Throws when the machine does not come
 * up, ends early, or takes longer than the deadline; nothing of it is left then, nor later.
 */
export async function runInVm(
  command: readonly string[],
  directory: string,
  options: VmOptions,
  { out, err, terminal }: Streams,
): Promise<VmOutcome> {
  const { kernel, signal, say } = options;
  const work = makeWorkDirectory(tmpdir(), 'machine');
  const token = randomBytes(TOKEN_BYTES).toString('hex');
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    const environment = {
      LOCKBENCH_DIRECTORY: directory,
      LOCKBENCH_TOKEN: token,
      LOCKBENCH_SHARED: options.shared ?? '',
      LOCKBENCH_TERMINAL: terminal === null ? '' : `${terminal.rows} ${terminal.columns}`,
      // Nobody else is there.
      [OWN_MOUNTS]: '1',
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/root',
      TERM: process.env.TERM ?? 'dumb',
    };
    const image = filling(tmpdir(), () => makeImage(work.path, command, environment, options));
    if (options.deadlineNs !== null) timer = setTimeout(() => deadline.abort(), options.deadlineNs / 1e6);

    const either = AbortSignal.any([signal, deadline.signal]);
    const started = performance.now();
    const machine = await startMachine(image, options.accelerator, either, say);
    // The machine has them open: whatever ends us from now on, SIGKILL too, leaves none of them.
    work.remove();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    say(`Linux ${kernel.version} runs after ${seconds} s under ${machine.accelerator.toUpperCase()}`);
    terminal?.join(machine);
    const [exitCode] = await Promise.all([
      untilMark(machine.out, token, out),
      untilMark(machine.err, token, err),
    ]);
    machine.kill();
    await machine.gone;
    if (exitCode === null) {
      throw new LabError(`the machine ended before its command did; its console said: ${machine.console()}`);
    }
    return { exitCode, accelerator: machine.accelerator };
  } catch (error) {
    if (!deadline.signal.aborted) throw error;
    const what = `the machine was killed after ${(options.deadlineNs ?? 0) / 1e9} s`;
    throw new LabError(`${what}: ${messageOf(error)}`);
  } finally {
    clearTimeout(timer);
    work.remove();
  }
}
