/**
 * The command line. Each command has a file of its own in commands/.
 */
import { Command, CommanderError } from 'commander';
import { addDoctorCommand } from './commands/doctor.js';
import { addListCommand } from './commands/list.js';
import { addPairsCommand } from './commands/pairs.js';
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
addListCommand(program);
addPairsCommand(program);
addDoctorCommand(program);

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
