/**
 * The command line. Each command has a folder of its own.
 */

import { tmpdir } from 'node:os';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { CommanderError } from 'commander';
import { messageOf } from './base/error-message.js';
import { BAD_USAGE, INCOMPLETE } from './base/exit-codes.js';
import { suggestion } from './base/suggestion.js';
import { Told } from './base/told.js';
import { UsageError } from './base/usage-error.js';
import { visible } from './base/visible.js';
import { type BareCommand, Command } from './command-line/commander.js';
import { makePagesBy } from './command-line/page-maker.js';
import { isDirectory, STRATEGIES } from './command-line/subjects.js';
import { mayNotAnswer } from './machine/answering.js';
import { ownVersion } from './machine/host.js';
import { exitByStreams, say, writeErr, writeOut } from './text/standard-streams.js';

exitByStreams();
makePagesBy(async (result) => (await import('./report/page-on-result.js')).pageOnResult(result));

const program = new Command('lockbench')
  .usage('[command] [options]')
  .description(
    'Compare ways of locking between real processes: what each costs, whether it excludes, and what happens when its holder dies.',
  )
  .version(ownVersion())
  .addHelpText(
    'after',
    '\nExamples:\n  lockbench                      compare the usual locks, in less than a minute\n  lockbench fcntl excl /mnt/nfs  compare two, in one directory\n  lockbench run --help           what can be measured\n  lockbench doctor /mnt/nfs      what matters to locks there',
  )
  .exitOverride()
  // Said below, in the same form as every other refusal.
  .configureOutput({ writeOut, writeErr, outputError() {} });

/** `next`: the word after the command's name. */
type Adder = (program: BareCommand, next?: string) => void | Promise<void>;
/** By name, in the order of the help. */
const COMMANDS: Readonly<Record<string, () => Promise<Adder>>> = {
  run: async () => (await import('./run/run-command.js')).addRunCommand,
  show: async () => (await import('./run/show-command.js')).addShowCommand,
  list: async () => (await import('./catalogue/list-command.js')).addListCommand,
  explain: async () => (await import('./catalogue/explain-command.js')).addExplainCommand,
  choose: async () => (await import('./catalogue/choose-command.js')).addChooseCommand,
  pairs: async () => (await import('./pairs/pairs-command.js')).addPairsCommand,
  doctor: async () => (await import('./doctor/doctor-command.js')).addDoctorCommand,
  watch: async () => (await import('./watch/watch-command.js')).addWatchCommand,
  crash: async () => (await import('./crash/crash-command.js')).addCrashCommand,
  order: async () => (await import('./order/order-command.js')).addOrderCommand,
  hosts: async () => (await import('./hosts/hosts-command.js')).addHostsCommand,
  compare: async () => (await import('./compare/compare-command.js')).addCompareCommand,
  prove: async () => (await import('./prove/prove-command.js')).addProveCommand,
  compat: async () => (await import('./compat/compat-command.js')).addCompatCommand,
  reproduce: async () => (await import('./reproduce/reproduce-command.js')).addReproduceCommand,
  onedaemon: async () => (await import('./onedaemon/onedaemon-command.js')).addOneDaemonCommand,
  report: async () => (await import('./report/report-command.js')).addReportCommand,
  'check-worker': async () => (await import('./workers/check-worker-command.js')).addCheckWorkerCommand,
  nfs: async () => (await import('./nfs/nfs-command.js')).addNfsCommand,
  completion: async () => (await import('./completion/completion-command.js')).addCompletionCommand,
  man: async () => (await import('./completion/completion-command.js')).addManCommand,
};

/** What is taken if no command is named. */
const DEFAULT = 'run';
/** These show or need more than one command. */
const ABOUT_ALL: readonly string[] = ['-h', '--help', 'help', 'completion', 'man'];

/** What begins with neither a command nor, for the default one, a strategy, a directory or an option. Throws UsageError. */
function requireKnown(first: string): void {
  const names = Object.keys(COMMANDS);
  if (first.startsWith('-') || ABOUT_ALL.includes(first) || STRATEGIES.isOne(first) || isDirectory(first))
    return;
  throw new UsageError(
    `a command (${names.join(', ')}), a strategy of the catalogue or an existing directory was expected, got "${first}"`,
    suggestion(first, [...names, ...STRATEGIES.names]) ??
      'see "lockbench --help"; strategies are also named by --strategies, directories by --dir',
  );
}

/** The words that may be paths, and whose file systems may not answer; of what `onedaemon` runs, none. */
function doubtfulPaths(): string[] {
  const words = process.argv.slice(2);
  const own = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
  const values = own.map((word) => (word.startsWith('-') ? word.slice(word.indexOf('=') + 1) : word));
  return [...values.filter((word) => !word.startsWith('-')), tmpdir()].filter((path) => mayNotAnswer(path));
}

/**
 * Adds the command that was named, else the default one; for the help, all of them. The libraries of all take longer to
 * load than some commands run, and seconds where the processor is emulated.
 */
async function addCommands(): Promise<void> {
  const [, , first = DEFAULT, next] = process.argv;
  const named = Object.hasOwn(COMMANDS, first);
  if (!named) requireKnown(first);
  const isAboutAll = ABOUT_ALL.includes(first);
  const wanted = isAboutAll ? Object.keys(COMMANDS) : named ? [first] : [DEFAULT];
  // All are asked for before the first is awaited: one's files are read while another's are compiled.
  const loading = wanted.flatMap((name) => COMMANDS[name]?.() ?? []);
  for (const add of await Promise.all(loading)) await add(program, named && !isAboutAll ? next : undefined);
}

/** What the system refused is told in a line; anything else is a mistake of ours, and shows where it happened. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isTold = 'syscall' in error || error instanceof Told;
  return isTold ? messageOf(error) : (error.stack ?? error.message);
}

function fail(message: string): void {
  say(`lockbench: ${message}`);
  process.exitCode = INCOMPLETE;
}

/** The command that the words of the command line lead to, and the words that are left. */
function innermost(
  command: CommandUnknownOpts,
  words: readonly string[],
): [CommandUnknownOpts, readonly string[]] {
  const [first, ...rest] = words;
  const inner = command.commands.find((one) => one.name() === first);
  return inner === undefined ? [command, words] : innermost(inner, rest);
}

const pathOf = (command: CommandUnknownOpts): string =>
  command.parent === null ? '' : `${pathOf(command.parent)}${command.name()} `;

/** Commander's refusals as ours: one line. */
function asUsageError({ code, message }: CommanderError): UsageError {
  const [command, words] = innermost(program, program.args);
  const help = `see "lockbench ${pathOf(command)}--help"`;
  const [stray] = words;
  if (code === 'commander.excessArguments' && stray !== undefined) {
    return new UsageError(`${pathOf(command).trim()}: options alone were expected, got "${stray}"`, help);
  }
  return new UsageError(message.replace(/^error: /, '').replaceAll('\n', ' '), help);
}

function refuse({ message, hint }: UsageError): void {
  say(visible(`lockbench: ${message}${hint === undefined ? '' : `; ${hint}`}`));
  process.exitCode = BAD_USAGE;
}

try {
  const doubtful = doubtfulPaths();
  // Before anything else looks at them, which would stand still there.
  if (doubtful.length > 0) await (await import('./measure/parent/kept-directories.js')).lookAt(doubtful);
  await addCommands();
  // By now the commands have loaded it.
  const { closeOnExec, endWithoutSyncing } = await import('../strategies/posix/own-process.js');
  endWithoutSyncing();
  // What we were started with goes to no process that we start: a shell's lock is held as long as its descriptor is open.
  program.hook('preAction', () => closeOnExec(3));
  await program.parseAsync();
} catch (error) {
  if (error instanceof UsageError) refuse(error);
  else if (!(error instanceof CommanderError)) fail(describe(error));
  // A command of which only the subcommands do something: its help was printed, and says all there is to say.
  else if (error.code === 'commander.help') process.exitCode = BAD_USAGE;
  else if (error.exitCode !== 0) refuse(asUsageError(error));
}
