/**
 * The lab by itself: what is missing for it, the kernel that it boots, and a shell or a command in it.
 */

import { parseDuration } from '../base/duration.js';
import { INCOMPLETE } from '../base/exit-codes.js';
import { UsageError } from '../base/usage-error.js';
import type { BareCommand, OptionsOf } from '../command-line/commander.js';
import { interruptibly } from '../command-line/interruption.js';
import { fetchKernel } from '../lab/fetch-kernel.js';
import { findKernel, kernelCache } from '../lab/kernel.js';
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
  withKernelOptions(nfs.command('doctor').description('say what is missing for the lab'));

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
  withLabOptions(nfs.command('shell').description('open a shell in the lab')).action((raw) =>
    inLab((signal) => openShell(parseLabOptions(raw), signal)),
  );
}

const declareExec = (nfs: BareCommand) =>
  withLabOptions(nfs.command('exec <command...>').description('run a command in the lab'))
    .option('--host <name>', `on which of its hosts: ${HOST_NAMES.join(', ')}`, 'server')
    .option('--time-limit <duration>', 'kill the virtual machine after this', '10min');

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

async function openShell(options: LabCommandOptions, signal: AbortSignal): Promise<number> {
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
    { ...options, shared: null, deadlineNs, signal, say },
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

async function doctor(
  { kernel, modules }: OptionsOf<typeof declareDoctor>,
  signal: AbortSignal,
): Promise<number> {
  const found = findKernel(kernel, modules);
  const chosen = found.found ? found.kernel : null;
  const tell = (way: string, { reasons, packages }: Missing): void => {
    print(`${way}: ${reasons.length === 0 ? 'can be tried' : 'not here'}`);
    for (const reason of reasons) print(`  missing: ${reason}`);
    if (packages.length > 0) print(`  install: ${aptLine(packages)}`);
  };
  const machine = missingFor('vm', chosen);
  tell('in a virtual machine (--on vm)', machine);
  if (chosen !== null) print(`  kernel: Linux ${chosen.version}, ${chosen.origin} (${chosen.image})`);
  if (!found.found) for (const reason of found.reasons) print(`  passed over: ${reason}`);
  if (chosen !== null && machine.reasons.length === 0) {
    const flaw = await kvmFlaw(chosen, signal);
    writeOut(flaw === null ? '  KVM: works\n' : `  KVM: does not work, TCG is used instead: ${flaw}\n`);
  }
  const host = missingFor('host', null);
  tell('on this kernel (--on host)', host);
  return machine.reasons.length === 0 || host.reasons.length === 0 ? 0 : INCOMPLETE;
}
