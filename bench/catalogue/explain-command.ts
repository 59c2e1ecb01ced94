/**
 * `lockbench explain NAME`: all that is known of a strategy.
 */
import { loadStrategy, registered, whyUnfit } from '../../strategies/index.js';
import { INCOMPLETE } from '../base/exit-codes.js';
import { UsageError } from '../base/usage-error.js';
import type { BareCommand } from '../command-line/commander.js';
import { directoryOption, jsonOption, strategiesOption } from '../command-line/common-options.js';
import { deliver } from '../command-line/deliver.js';
import { directoryOf } from '../command-line/directories.js';
import { interruptibly } from '../command-line/interruption.js';
import { namesOf } from '../command-line/strategy-list.js';
import { parseSubjects } from '../command-line/subjects.js';
import { workersIdentity } from '../command-line/workers-identity.js';
import { projectRoot } from '../machine/project.js';
import { lookOrFail } from '../measure/parent/preflight.js';
import { explanation, type Known } from './explanation.js';
import { strategyPage } from './strategy-page.js';

const EXAMPLES = `
Examples:
  lockbench explain fcntl
  lockbench explain excl mkdir /mnt/nfs
  lockbench explain flock --json - | jq '.explained[].strategy.claims'`;

const declare = (program: BareCommand) =>
  program
    .command('explain [words...]')
    .usage('<strategies...> [directory] [options]')
    .addOption(strategiesOption('none: name at least one'))
    .addOption(directoryOption('the temporary directory'))
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES);

export function addExplainCommand(program: BareCommand): void {
  declare(program).action((words, raw) =>
    interruptibly(async () => {
      const { named, directories, json } = parseSubjects('explain', words, raw, { directories: 'one' });
      if (named === null) {
        throw new UsageError(
          'explain: a strategy was expected, got none',
          'for example lockbench explain fcntl; "lockbench list" names them all',
        );
      }
      const directory = directoryOf(directories);
      const all = await knownOf(namesOf('explain', named), directory);
      await deliver(
        json,
        async () => ({ explained: all.map(asData) }),
        () => all.map((known) => explanation(known).join('\n')).join('\n\n'),
      );
      if (all.some(({ strategy: { name } }) => whyUnfit(name) !== null)) process.exitCode = INCOMPLETE;
    }),
  );
}

/** For programs: the functions of a strategy are left out by JSON itself, and of the run all cells that are another's. */
const asData = ({ run, runName, ...known }: Known) => ({
  ...known,
  recorded: {
    run: runName,
    startedAt: run.startedAt,
    cells: run.cells.filter(({ strategy }) => strategy === known.strategy.name),
  },
});

async function knownOf(names: readonly string[], directory: string): Promise<readonly Known[]> {
  const { findings } = await lookOrFail(names, [directory], workersIdentity());
  // The library of schemas takes longer to load than the help takes to print.
  const { QUOTED_RUN, recordedRun } = await import('../measure/result/recorded-run.js');
  const run = recordedRun(QUOTED_RUN, projectRoot);
  return Promise.all(
    names.map(async (name) => ({
      strategy: await loadStrategy(name),
      page: registered(name) === undefined ? strategyPage(name, projectRoot) : null,
      directory,
      finding: findings[name]?.[directory] ?? { available: false, reason: 'it was not tried' },
      run,
      runName: QUOTED_RUN,
    })),
  );
}
