/**
 * The lab by itself: what is missing for it, the kernel that it boots, and a shell or a command in it.
 */

import { parseDuration } from '../base/duration.js';
import { INCOMPLETE } from '../base/exit-codes.js';
import { UsageError } from '../base/usage-error.js';
import type { BareCommand, OptionsOf } from '../command-line/commander.js';
import { jsonOption, quietOption } from '../command-line/common-options.js';
import { deliver } from '../command-line/deliver.js';
import { interruptibly } from '../command-line/interruption.js';
import { jsonPlace } from '../command-line/subjects.js';
import { fetchKernel } from '../lab/fetch-kernel.js';
import { findKernel, type Kernel, kernelCache } from '../lab/kernel.js';
import { HOST_NAMES } from '../lab/lab.js';
import { LabError } from '../lab/lab-error.js';
import { aptLine, type Missing, missingFor } from '../lab/requirements.js';
import { kvmFlaw } from '../lab/run-in-vm.js';
import { inVm, onThisKernel } from '../lab/session.js';
import { execute, ourTerminal, shell } from '../lab/shell.js';
import { print, say, writeErr, writeOut } from '../text/standard-streams.js';
import {
  type LabCommandOptions,
  parseChoice,
  parseLabOptions,
  withKernelOptions,
  withLabOptions,
} from './frame/lab-options.js';

const declareDoctor = (nfs: BareCommand) =>
  withKernelOptions(nfs.command('doctor').description('list what is missing for the lab')).addOption(
    jsonOption(),
  );

export function addNfsDoctorCommand(nfs: BareCommand): void {
  declareDoctor(nfs).action((raw) => inLab((signal) => doctor(raw, signal)));
}

export function addFetchKernelCommand(nfs: BareCommand): void {
  nfs
    .command('fetch-kernel')
    .description("fetch Debian's stock kernel for the virtual machine, through apt")
    .action(() => inLab(async () => fetch()));
}

export function addShellCommand(nfs: BareCommand): void {
  withLabOptions(nfs.command('shell').description('open a shell in the lab'))
    .addOption(quietOption())
    .action((raw) => inLab((signal) => openShell(parseLabOptions(raw), sayUnless(raw.quiet), signal)));
}

const declareExec = (nfs: BareCommand) =>
  withLabOptions(nfs.command('exec <command...>').description('run a command in the lab'))
    .option('--host <name>', `on which of its hosts: ${HOST_NAMES.join(', ')}`, 'server')
    .option('--time-limit <duration>', 'kill the virtual machine after this', '10min')
    .addOption(quietOption());

export function addExecCommand(nfs: BareCommand): void {
  declareExec(nfs).action((words, raw) => inLab((signal) => exec(words, raw, parseLabOptions(raw), signal)));
}

/** Sets the exit code to what `action` returns, or to that of an incomplete run when the lab is to blame. */
function inLab(action: (signal: AbortSignal) => Promise<number>): Promise<void> {
  return interruptibly(async (signal) => {
    try {
      process.exitCode = await action(signal);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      if (!signal.aborted) say(`lockbench: ${error.message}`);
      process.exitCode = INCOMPLETE;
    }
  });
}

type Say = (text: string) => void;

const sayUnless = (quiet: boolean | undefined): Say => (quiet === true ? () => {} : say);

async function openShell(options: LabCommandOptions, say: Say, signal: AbortSignal): Promise<number> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UsageError(
      'nfs shell: a terminal was expected on standard input and output',
      'without one, use "lockbench nfs exec -- COMMAND"',
    );
  }
  if (options.on === 'host') return onThisKernel({ ...options, signal }, (lab) => shell(lab, signal));
  const session = { ...options, shared: null, deadlineNs: null, signal, say };
  return inVm(['nfs', 'shell'], session, {
    out: writeOut,
    err: writeErr,
    terminal: ourTerminal(),
  });
}

async function exec(
  words: readonly string[],
  raw: OptionsOf<typeof declareExec>,
  options: LabCommandOptions,
  signal: AbortSignal,
): Promise<number> {
  const host = parseChoice('--host', raw.host, HOST_NAMES);
  if (options.on === 'host') {
    return onThisKernel({ ...options, signal }, (lab) => execute(lab, lab.host(host), words, signal));
  }
  const deadlineNs = parseDuration(raw.timeLimit, '--time-limit');
  return inVm(
    ['nfs', 'exec', '--host', host, '--', ...words],
    { ...options, shared: null, deadlineNs, signal, say: sayUnless(raw.quiet) },
    {
      out: writeOut,
      err: writeErr,
      terminal: null,
    },
  );
}

async function fetch(): Promise<number> {
  const { version } = fetchKernel(say);
  print(`Linux ${version} is in ${kernelCache()}`);
  return 0;
}

/** What is missing for each way to have a lab. */
interface LabReport {
  readonly vm: Missing & {
    readonly kernel: Kernel | null;
    /** Kernels that will not do, each with the reason. */
    readonly passedOver: readonly string[];
    /** Why KVM cannot be used; null if it works, or was not tried. */
    readonly kvmFlaw: string | null;
  };
  readonly host: Missing;
}

async function labReport(
  { kernel, modules }: OptionsOf<typeof declareDoctor>,
  signal: AbortSignal,
): Promise<LabReport> {
  const found = findKernel(kernel, modules);
  const chosen = found.found ? found.kernel : null;
  const missing = missingFor('vm', chosen);
  return {
    vm: {
      ...missing,
      kernel: chosen,
      passedOver: found.found ? [] : found.reasons,
      kvmFlaw: chosen !== null && missing.reasons.length === 0 ? await kvmFlaw(chosen, signal) : null,
    },
    host: missingFor('host', null),
  };
}

const wayLines = (way: string, { reasons, packages }: Missing): string[] => [
  `${way}: ${reasons.length === 0 ? 'can be tried' : 'not here'}`,
  ...reasons.map((reason) => `  missing: ${reason}`),
  ...(packages.length === 0 ? [] : [`  install: ${aptLine(packages)}`]),
];

function reportText({ vm, host }: LabReport): string {
  const { kernel, passedOver, kvmFlaw, reasons } = vm;
  const kvm = kvmFlaw === null ? 'works' : `does not work, TCG is used instead: ${kvmFlaw}`;
  const lines = [
    ...wayLines('in a virtual machine (--on vm)', vm),
    ...(kernel === null ? [] : [`  kernel: Linux ${kernel.version}, ${kernel.origin} (${kernel.image})`]),
    ...passedOver.map((reason) => `  passed over: ${reason}`),
    ...(kernel === null || reasons.length > 0 ? [] : [`  KVM: ${kvm}`]),
    ...wayLines('on this kernel (--on host)', host),
  ];
  return `${lines.join('\n')}\n`;
}

async function doctor(raw: OptionsOf<typeof declareDoctor>, signal: AbortSignal): Promise<number> {
  const report = await labReport(raw, signal);
  await deliver(jsonPlace(raw.json), async () => report, reportText);
  return report.vm.reasons.length === 0 || report.host.reasons.length === 0 ? 0 : INCOMPLETE;
}
