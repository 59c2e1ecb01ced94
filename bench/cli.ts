/**
 * The command line. Each command has a file of its own in commands/.
 */
import { Command, CommanderError } from 'commander';
import { addRunCommand } from './commands/run.js';
import { ownVersion } from './environment/host.js';
import { UsageError } from './usage-error.js';

const BAD_USAGE = 2;

const program = new Command('lockbench')
  .description(
    'Ways of locking, on one workload, between real processes: what each costs and whether it excludes.',
  )
  .version(ownVersion())
  .showHelpAfterError('(lockbench --help tells more)')
  .exitOverride();

addRunCommand(program);

// A reader that has seen enough (`lockbench list | head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : BAD_USAGE;
  } else if (error instanceof UsageError) {
    console.error(`lockbench: ${error.message}${error.cure === undefined ? '' : `; ${error.cure}`}`);
    process.exitCode = BAD_USAGE;
  } else {
    throw error;
  }
}
