/**
 * The command line. Each command has a file of its own in commands/.
 */

import { Command, CommanderError } from 'commander';
import { BAD_USAGE, INCOMPLETE } from './base/exit-codes.js';
import { suggestion } from './base/suggestion.js';
import { UsageError } from './base/usage-error.js';
import { ownVersion } from './machine/host.js';
import { exitByStreams, say, writeErr, writeOut } from './text/standard-streams.js';

exitByStreams();

const program = new Command('lockbench')
  .description(
    'Ways of locking, on one workload, between real processes: what each costs and whether it excludes.',
  )
  .version(ownVersion())
  .addHelpText(
    'after',
    '\nExamples:\n  lockbench                          the main job, in under a minute\n  lockbench run --help               what can be asked of it\n  lockbench doctor --dir /mnt/nfs    what matters to locks there',
  )
  .exitOverride()
  // Said below, in the same form as every other refusal.
  .configureOutput({ writeOut, writeErr, outputError() {} });

/** `next`: the word after the command's name. */
type Adder = (program: Command, next?: string) => void | Promise<void>;
/** By name, in the order of the help. */
const COMMANDS: Readonly<Record<string, () => Promise<Adder>>> = {
  run: async () => (await import('./run/run-command.js')).addRunCommand,
  list: async () => (await import('./catalogue/list-command.js')).addListCommand,
  explain: async () => (await import('./catalogue/explain-command.js')).addExplainCommand,
  choose: async () => (await import('./catalogue/choose-command.js')).addChooseCommand,
  pairs: async () => (await import('./pairs/pairs-command.js')).addPairsCommand,
  doctor: async () => (await import('./doctor/doctor-command.js')).addDoctorCommand,
  crash: async () => (await import('./crash/crash-command.js')).addCrashCommand,
  order: async () => (await import('./order/order-command.js')).addOrderCommand,
  reproduce: async () => (await import('./reproduce/reproduce-command.js')).addReproduceCommand,
  onedaemon: async () => (await import('./onedaemon/onedaemon-command.js')).addOneDaemonCommand,
  nfs: async () => (await import('./nfs/nfs-command.js')).addNfsCommand,
};
// Who names a command first needs no other: their libraries take longer to load than some commands run, and seconds where
// the processor is emulated.
const [, , first = '', next] = process.argv;
const named = Object.entries(COMMANDS).filter(([name]) => name === first);
// All are asked for before the first is awaited: one's files are read while another's are compiled.
const loading = (named.length > 0 ? named : Object.entries(COMMANDS)).map(([, load]) => load());
for (const add of await Promise.all(loading)) await add(program, next);

/** What the system refused is told in a line; anything else is a mistake of ours, and shows where it happened. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'syscall' in error ? error.message : (error.stack ?? error.message);
}

function fail(message: string): void {
  say(`lockbench: ${message}`);
  process.exitCode = INCOMPLETE;
}

/** Commander's refusals as ours: one line. */
function asUsageError({ code, message }: CommanderError): UsageError {
  const [outer = ''] = program.args;
  const nested = program.commands.find((command) => command.name() === outer && command.commands.length > 0);
  const help = `see "lockbench ${nested === undefined ? '' : `${outer} `}--help"`;
  const word = program.args.at(-1);
  if (code === 'commander.excessArguments' && word !== undefined) {
    const names = nested?.commands.map((command) => command.name()) ?? Object.keys(COMMANDS);
    return new UsageError(
      `a command (${names.join(', ')}) or an option was expected, got "${word}"`,
      suggestion(word, names) ?? help,
    );
  }
  return new UsageError(message.replace(/^error: /, '').replaceAll('\n', ' '), help);
}

function refuse({ message, hint }: UsageError): void {
  say(`lockbench: ${message}${hint === undefined ? '' : `; ${hint}`}`);
  process.exitCode = BAD_USAGE;
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof UsageError) refuse(error);
  else if (!(error instanceof CommanderError)) fail(describe(error));
  // A command of which only the subcommands do something: its help was printed, and says all there is to say.
  else if (error.code === 'commander.help') process.exitCode = BAD_USAGE;
  else if (error.exitCode !== 0) refuse(asUsageError(error));
}
