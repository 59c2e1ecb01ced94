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
import { ownVersion } from './machine/project.js';
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

/** A command that is loaded only when it is named: the help on all commands needs no more than what they do. */
interface Entry {
  readonly does: string;
  load(): Promise<Adder>;
}

/** By name, in the order of the help. */
const COMMANDS: Readonly<Record<string, Entry>> = {
  run: {
    does: 'measure strategies on one workload between real processes',
    load: async () => (await import('./run/run-command.js')).addRunCommand,
  },
  show: {
    does: 'print a kept result again',
    load: async () => (await import('./run/show-command.js')).addShowCommand,
  },
  list: {
    does: 'list the strategies by family, and whether each works here',
    load: async () => (await import('./catalogue/list-command.js')).addListCommand,
  },
  explain: {
    does: 'explain how a strategy locks, what it claims, and what it cost',
    load: async () => (await import('./catalogue/explain-command.js')).addExplainCommand,
  },
  choose: {
    does: 'choose a lock by what you need, what the strategies claim, and what they cost',
    load: async () => (await import('./catalogue/choose-command.js')).addChooseCommand,
  },
  pairs: {
    does: 'measure an uncontended lock and unlock in one process, with tinybench',
    load: async () => (await import('./pairs/pairs-command.js')).addPairsCommand,
  },
  doctor: {
    does: 'describe what matters to locks on this machine and in a directory',
    load: async () => (await import('./doctor/doctor-command.js')).addDoctorCommand,
  },
  watch: {
    does: 'show live which process holds a lock, in a run in another terminal or in a contention of its own',
    load: async () => (await import('./watch/watch-command.js')).addWatchCommand,
  },
  crash: {
    does: 'show what happens when a holder dies, is stopped, or its lock is undermined',
    load: async () => (await import('./crash/crash-command.js')).addCrashCommand,
  },
  order: {
    does: 'readers and writers: show who may share the lock, and who is served first',
    load: async () => (await import('./order/order-command.js')).addOrderCommand,
  },
  hosts: {
    does: 'measure locks between hosts that share a directory, started by mpirun or srun',
    load: async () => (await import('./hosts/hosts-command.js')).addHostsCommand,
  },
  compare: {
    does: 'compare results of run: what changed, and whether it is more than noise',
    load: async () => (await import('./compare/compare-command.js')).addCompareCommand,
  },
  prove: {
    does: 'test what a lock claims: whether it excludes, whom it belongs to, and what happens when its holder dies',
    load: async () => (await import('./prove/prove-command.js')).addProveCommand,
  },
  compat: {
    does: 'show which locks see each other: hold one and try the other, then let both contend',
    load: async () => (await import('./compat/compat-command.js')).addCompatCommand,
  },
  reproduce: {
    does: 'test the claims of the textbook here',
    load: async () => (await import('./reproduce/reproduce-command.js')).addReproduceCommand,
  },
  onedaemon: {
    does: 'run a command once: a second start ends at once and says what is running',
    load: async () => (await import('./onedaemon/onedaemon-command.js')).addOneDaemonCommand,
  },
  report: {
    does: 'make one page of results, to view in a browser',
    load: async () => (await import('./report/report-command.js')).addReportCommand,
  },
  'check-worker': {
    does: 'check that a program speaks the worker protocol, and say what it gets wrong',
    load: async () => (await import('./workers/check-worker-command.js')).addCheckWorkerCommand,
  },
  nfs: {
    does: 'run an NFS server and three clients, and show what locks do there',
    load: async () => (await import('./nfs/nfs-command.js')).addNfsCommand,
  },
  completion: {
    does: 'print a script that completes commands and options in a shell',
    load: async () => (await import('./completion/completion-command.js')).addCompletionCommand,
  },
  man: {
    does: 'print the manual page',
    load: async () => (await import('./completion/completion-command.js')).addManCommand,
  },
};

/** What is taken if no command is named. */
const DEFAULT = 'run';
/** Of what these write and read, nothing lies in the user's home. */
const KEEP_NOTHING: readonly string[] = ['onedaemon', 'list', 'doctor', 'completion', 'man', 'check-worker'];
/** These look at what all commands take. */
const ABOUT_ALL: readonly string[] = ['completion', 'man'];
/** These tell of all commands no more than what they do. */
const ABOUT_PROGRAM: readonly string[] = ['-h', '--help', '-V', '--version', 'help'];

/** What begins with neither a command nor, for the default one, a strategy, a directory or an option. Throws UsageError. */
async function requireKnown(first: string): Promise<void> {
  if (first.startsWith('-')) return;
  const { isDirectory, STRATEGIES } = await import('./command-line/subjects.js');
  if (STRATEGIES.isOne(first) || isDirectory(first)) return;
  const names = Object.keys(COMMANDS);
  throw new UsageError(
    `a command (${names.join(', ')}), a strategy of the catalogue or an existing directory was expected, got "${first}"`,
    suggestion(first, [...names, ...STRATEGIES.names]) ??
      'see "lockbench --help"; strategies are also named by --strategies, directories by --dir',
  );
}

/** Looks at the words that may be paths whose file systems do not answer; of what `onedaemon` runs, at none. */
async function lookAtDoubtful(words: readonly string[]): Promise<void> {
  const { mayNotAnswer } = await import('./machine/answering.js');
  const own = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
  const values = own.map((word) => (word.startsWith('-') ? word.slice(word.indexOf('=') + 1) : word));
  const { stateRoot } = await import('./machine/files/state-root.js');
  const kept = KEEP_NOTHING.includes(words[0] ?? DEFAULT) ? [] : (stateRoot() ?? []);
  // Of lists each item, and of a module with a policy the module.
  const items = values.flatMap((word) => [word, ...word.split(',')]);
  const modules = items.flatMap((word) => /^(.*\.[cm]?[jt]s)\//.exec(word)?.[1] ?? []);
  const named = [...items, ...modules].filter((word) => !word.startsWith('-'));
  const paths = [...named, tmpdir()].concat(kept);
  const doubtful = [...new Set(paths)].filter((path) => mayNotAnswer(path));
  if (doubtful.length > 0) await (await import('./measure/parent/kept-directories.js')).lookAt(doubtful);
}

/** Adds a command, and says what it does if it does not say more of that itself. */
async function add(name: string, { does, load }: Entry, next?: string): Promise<void> {
  await (await load())(program, next);
  const command = program.commands.find((one) => one.name() === name);
  if (command?.description() === '') command.description(does);
}

/** Adds the commands that `words` are about: one, by its name or by default, or all. */
async function addCommands(words: readonly string[]): Promise<void> {
  const [first = DEFAULT, next] = words;
  if (ABOUT_ALL.includes(first)) {
    // All are asked for before the first is awaited: one's files are read while another's are compiled.
    const loading = Object.entries(COMMANDS).map(([name, entry]) => [name, entry, entry.load()] as const);
    for (const [name, entry, adder] of loading) await add(name, { ...entry, load: () => adder });
    return;
  }
  const isNamed = Object.hasOwn(COMMANDS, first);
  if (!isNamed) await requireKnown(first);
  const name = isNamed ? first : DEFAULT;
  const entry = COMMANDS[name];
  if (entry !== undefined) await add(name, entry, isNamed ? next : undefined);
}

/** The words of the command line; "help run" is "run --help". */
function wordsGiven(): readonly string[] {
  const [first, ...others] = process.argv.slice(2);
  if (first === undefined) return [];
  return first === 'help' && others.length > 0 ? [...others, '--help'] : [first, ...others];
}

/** What comes before any command. */
async function prepare(words: readonly string[]): Promise<void> {
  // Before anything else looks at them, which would stand still there.
  await lookAtDoubtful(words);
  await addCommands(words);
  // By now the commands have loaded it.
  const { closeOnExec, endWithoutSyncing } = await import('../strategies/posix/own-process.js');
  endWithoutSyncing();
  // What we were started with goes to no process that we start: a shell's lock is held as long as its descriptor is open.
  program.hook('preAction', () => closeOnExec(3));
}

/** Names all commands without loading any. The libraries of all take longer to load than some commands run. */
function nameCommands(): void {
  for (const [name, { does }] of Object.entries(COMMANDS)) program.command(name).description(does);
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
  // The first that is none of its arguments.
  const stray = words[command.registeredArguments.length];
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
  const words = wordsGiven();
  const [first] = words;
  if (first !== undefined && ABOUT_PROGRAM.includes(first)) nameCommands();
  else await prepare(words);
  await program.parseAsync(words, { from: 'user' });
} catch (error) {
  if (error instanceof UsageError) refuse(error);
  else if (!(error instanceof CommanderError)) fail(describe(error));
  // A command of which only the subcommands do something: its help was printed, and says all there is to say.
  else if (error.code === 'commander.help') process.exitCode = BAD_USAGE;
  else if (error.exitCode !== 0) refuse(asUsageError(error));
}
