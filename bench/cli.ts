/**
 * The command line. Each command has a file of its own in commands/.
 */
import { Command, CommanderError } from 'commander';
import { addCrashCommand } from './commands/crash.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addListCommand } from './commands/list.js';
import { addNfsCommand } from './commands/nfs.js';
import { addOrderCommand } from './commands/order.js';
import { addPairsCommand } from './commands/pairs.js';
import { addRunCommand } from './commands/run.js';
import { ownVersion } from './environment/host.js';
import { suggestion } from './suggestion.js';
import { UsageError } from './usage-error.js';

const BAD_USAGE = 2;
/** Not 1, which Node would choose: that says that a claim was broken. */
const INCOMPLETE = 3;

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
  .configureOutput({ outputError() {} });

addRunCommand(program);
addListCommand(program);
addPairsCommand(program);
addDoctorCommand(program);
addCrashCommand(program);
addOrderCommand(program);
addNfsCommand(program);

// A reader that has seen enough (`lockbench list | head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') fail(`standard output: ${error.message}`);
});

/** What the system refused is told in a line; anything else is a mistake of ours, and shows where it happened. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'syscall' in error ? error.message : (error.stack ?? error.message);
}

function fail(message: string): void {
  console.error(`lockbench: ${message}`);
  process.exitCode = INCOMPLETE;
}

/** Commander's refusals as ours: one line. */
function asUsageError({ code, message }: CommanderError): UsageError {
  const help = 'see "lockbench --help"';
  const word = program.args.at(-1);
  if (code === 'commander.excessArguments' && word !== undefined) {
    const names = program.commands.map((command) => command.name());
    return new UsageError(
      `a command (${names.join(', ')}) or an option was expected, got "${word}"`,
      suggestion(word, names) ?? help,
    );
  }
  return new UsageError(message.replace(/^error: /, '').replaceAll('\n', ' '), help);
}

function refuse({ message, cure }: UsageError): void {
  console.error(`lockbench: ${message}${cure === undefined ? '' : `; ${cure}`}`);
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
