/**
 * The virtual machine: QEMU with a stock kernel and the host's own root, read-only. No network device; what the machine
 * writes stays in its memory, but for one shared directory. The outputs come through ports of their own, so that they are
 * as the command wrote them; the console is kept for the case that something goes wrong.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { meaningOf } from '../base/errno-names.js';
import { signalChild } from '../base/signal-child.js';
import { parseOwnTicks } from '../machine/machine-load.js';
import { killWithParent } from '../machine/tied-processes.js';
import { LabError } from './lab-error.js';

export const QEMU = 'qemu-system-x86_64';
export type Accelerator = 'kvm' | 'tcg';

/** A kernel that does not know a parameter leaves it to programs, which find it in /proc/cmdline. */
const ACCELERATOR_PARAMETER = 'lockbench.accelerator=';

/** By what the machine that we are in was started; null on any other machine. */
export function ownAccelerator(): Accelerator | null {
  const words = readFileSync('/proc/cmdline', 'latin1').trim().split(' ');
  const word = words
    .find((one) => one.startsWith(ACCELERATOR_PARAMETER))
    ?.slice(ACCELERATOR_PARAMETER.length);
  return word === 'kvm' || word === 'tcg' ? word : null;
}

/** What the guest says on its console as soon as its kernel runs a program. */
const KERNEL_RUNS = 'lockbench: kernel';
interface Patience {
  /** So long is waited in any case. */
  readonly leastMs: number;
  /** And on, while the machine has had less time of the host's processors, up to `mostMs`. */
  readonly processorMs: number;
  readonly mostMs: number;
}

/**
 * How long a kernel may take up to there. Under KVM it needs about one second; nested, it may hang for ever. Under TCG five,
 * and minutes beside much other work; now and then one hangs while it starts its processors, and keeps them busy.
 */
const PATIENCE: Readonly<Record<Accelerator, Patience>> = {
  kvm: { leastMs: 8_000, processorMs: 0, mostMs: 8_000 },
  tcg: { leastMs: 60_000, processorMs: 40_000, mostMs: 300_000 },
};
const LOOK_AGAIN_MS = 1_000;

/** Whether a machine that started so long ago, and has had so much processor time, will not come up any more. */
export const isLate = (
  accelerator: Accelerator,
  { waitedMs, processorMs }: { readonly waitedMs: number; readonly processorMs: number },
): boolean => {
  const patience = PATIENCE[accelerator];
  return waitedMs >= (processorMs >= patience.processorMs ? patience.leastMs : patience.mostMs);
};

/** What a process has had of the processors; infinite where that cannot be told. */
function processorMsOf(pid: number): number {
  try {
    return (
      (parseOwnTicks(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? Number.POSITIVE_INFINITY) * MS_PER_TICK
    );
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** How often a machine is started that works, and hung. */
const TCG_TRIES = 3;
const KEPT_CONSOLE = 4_000;
/** Of /proc/PID/stat: USER_HZ is 100 for all programs. */
const MS_PER_TICK = 10;

/** The descriptors that QEMU gets besides its standard ones: the command's outputs, and its terminal. */
const PORTS = { out: 3, err: 4, terminal: 5 } as const;

export interface MachineImage {
  readonly kernel: string;
  readonly initramfs: string;
  /** An image of an ext4 file system. */
  readonly disk: string;
  /** A directory that the guest may write to, or null. */
  readonly shared: string | null;
  readonly memoryMiB: number;
  readonly processors: number;
}

/** A comma ends a value of QEMU's options, unless it is doubled. */
const value = (text: string): string => text.replaceAll(',', ',,');

export function qemuArguments(image: MachineImage, accelerator: Accelerator): string[] {
  const share = (path: string, tag: string, more: string): string[] => [
    '-virtfs',
    `local,path=${value(path)},mount_tag=${tag},security_model=none,multidevs=remap${more}`,
  ];
  const socket = (name: keyof typeof PORTS): string[] => ['-chardev', `socket,id=${name},fd=${PORTS[name]}`];
  return [
    ...['-accel', accelerator, '-cpu', accelerator === 'kvm' ? 'host' : 'Nehalem'],
    ...['-smp', String(image.processors), '-m', `${image.memoryMiB}M`],
    ...[
      '-nodefaults',
      '-no-user-config',
      '-no-reboot',
      '-display',
      'none',
      '-nic',
      'none',
      '-serial',
      'stdio',
    ],
    ...['-kernel', image.kernel, '-initrd', image.initramfs],
    // A guest that nobody else can reach needs no mitigations; a panic ends the machine at once.
    ...['-append', `console=ttyS0 quiet panic=-1 mitigations=off ${ACCELERATOR_PARAMETER}${accelerator}`],
    ...share('/', 'host', ',readonly=on'),
    ...(image.shared === null ? [] : share(image.shared, 'shared', '')),
    // A disk of ours that is full is an error for the guest; by itself QEMU would stop the machine and wait, for ever.
    ...['-drive', `file=${value(image.disk)},format=raw,if=virtio,werror=report`],
    ...['-device', 'virtio-serial', ...socket('out'), ...socket('err'), ...socket('terminal')],
    ...['-device', 'virtserialport,chardev=out,name=out', '-device', 'virtserialport,chardev=err,name=err'],
    ...['-device', 'virtconsole,chardev=terminal'],
  ];
}

/** Why /dev/kvm cannot be used, or null if it can be opened; whether it works is seen only by trying. */
export function kvmObstacle(): string | null {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return null;
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'there is no /dev/kvm' : `/dev/kvm cannot be opened (${meaningOf(code)})`;
  }
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

/** A machine whose kernel runs. */
export interface Machine {
  readonly accelerator: Accelerator;
  readonly out: Readable;
  readonly err: Readable;
  readonly terminal: Duplex;
  /** Settles when QEMU is gone. */
  readonly gone: Promise<void>;
  /** The last of what the kernel and QEMU said. */
  console(): string;
  kill(): void;
}

class LateKernel extends LabError {}

async function startWith(
  image: MachineImage,
  accelerator: Accelerator,
  signal: AbortSignal,
): Promise<Machine> {
  const child: ChildProcess = spawn(...killWithParent([QEMU, ...qemuArguments(image, accelerator)]), {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    // A process group of its own: Ctrl-C at the terminal is the guest's, or its owner's to handle.
    detached: true,
    // Where it would leave a core dump: that directory is removed, or gone by then.
    cwd: dirname(image.initramfs),
  });
  const kill = (): void => {
    signalChild(child, 'SIGKILL');
  };
  signal.addEventListener('abort', kill);
  let said = '';
  let runs: () => void = () => {};
  const kernelRuns = new Promise<void>((resolve) => {
    runs = resolve;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-KEPT_CONSOLE);
      if (said.includes(KERNEL_RUNS)) runs();
    });
  }
  let why = 'QEMU ended';
  const gone = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      why = error.message;
      resolve();
    });
    child.on('close', () => resolve());
  }).finally(() => signal.removeEventListener('abort', kill));
  if (signal.aborted) kill();

  const outcomes: Promise<'runs' | 'gone' | 'late'>[] = [
    kernelRuns.then(() => 'runs' as const),
    gone.then(() => 'gone' as const),
  ];
  const started = performance.now();
  const waited = (): number => performance.now() - started;
  let timer: NodeJS.Timeout | undefined;
  outcomes.push(
    new Promise((resolve) => {
      timer = setInterval(() => {
        const processorMs = processorMsOf(child.pid ?? 0);
        if (isLate(accelerator, { waitedMs: waited(), processorMs })) resolve('late');
      }, LOOK_AGAIN_MS);
    }),
  );
  const outcome = await Promise.race(outcomes);
  clearInterval(timer);
  if (outcome !== 'runs') {
    kill();
    await gone;
    if (outcome === 'late') throw new LateKernel(`no kernel ran within ${Math.round(waited() / 1000)} s`);
    throw new LabError(`${why}: ${said.trim()}`);
  }
  const [, , , out, err, terminal] = child.stdio as unknown as [null, null, null, Duplex, Duplex, Duplex];
  // QEMU killed while something was on its way: what matters was read before.
  for (const port of [out, err, terminal]) port.on('error', () => {});
  return { accelerator, out, err, terminal, gone, console: () => said.trim(), kill };
}

/**
 * Starts the machine. `auto` tries KVM, and takes TCG, which works everywhere and is some ten times slower, when the
 * kernel does not run soon; `onTrouble` is told what went wrong. Throws when the machine does not come up.
 */
export async function startMachine(
  image: MachineImage,
  accelerator: Accelerator | 'auto',
  signal: AbortSignal,
  onTrouble: (what: string) => void,
): Promise<Machine> {
  if (accelerator === 'kvm') return startWith(image, accelerator, signal);
  const obstacle = accelerator === 'tcg' ? null : kvmObstacle();
  if (accelerator === 'auto' && obstacle === null) {
    try {
      return await startWith(image, 'kvm', signal);
    } catch (error) {
      if (!(error instanceof LabError) || signal.aborted) throw error;
      onTrouble(`no KVM: ${firstLine(error.message)}`);
    }
  } else if (obstacle !== null) {
    onTrouble(`no KVM: ${obstacle}`);
  }
  for (let tries = 1; ; tries++) {
    try {
      return await startWith(image, 'tcg', signal);
    } catch (error) {
      if (!(error instanceof LateKernel) || tries === TCG_TRIES) throw error;
      onTrouble(`${error.message}: starting the machine once more`);
    }
  }
}
