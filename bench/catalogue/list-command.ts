/**
 * `lockbench list`: the catalogue by family, with what works here.
 */
import { allNames, loadStrategy } from '../../strategies/index.js';
import type { Strategy } from '../../strategies/strategy.js';
import type { BareCommand } from '../command-line/commander.js';
import { directoryOption, jsonOption, strategiesOption } from '../command-line/common-options.js';
import { deliver } from '../command-line/deliver.js';
import { directoryOf } from '../command-line/directories.js';
import { interruptibly } from '../command-line/interruption.js';
import { namesOf } from '../command-line/strategy-list.js';
import { parseSubjects } from '../command-line/subjects.js';
import { workersIdentity } from '../command-line/workers-identity.js';
import { lookOrFail } from '../measure/parent/preflight.js';
import { offers } from '../measure/worker/policy.js';
import { nextLine } from '../text/next-line.js';

const EXAMPLES = `
Examples:
  lockbench list
  lockbench list /mnt/nfs | grep unavailable
  lockbench list --json - | jq -r '.strategies[] | select(.available) | .name'`;

const declare = (program: BareCommand) =>
  program
    .command('list [words...]')
    .usage('[strategies...] [directory] [options]')
    .addOption(strategiesOption('all'))
    .addOption(directoryOption('the temporary directory'))
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES);

export function addListCommand(program: BareCommand): void {
  declare(program).action((words, raw) =>
    interruptibly(async () => {
      const { named, directories, json } = parseSubjects('list', words, raw, { directories: 'one' });
      const names = named === null ? allNames : namesOf('list', named);
      const directory = directoryOf(directories);
      await deliver(json, () => listed(names, directory), listText);
    }),
  );
}

interface Listed extends Pick<Strategy, 'name' | 'family' | 'title' | 'calls'> {
  readonly available: boolean;
  /** What its lock offers, or why it is not available. */
  readonly detail: string;
}

interface Listing {
  readonly directory: string;
  readonly strategies: readonly Listed[];
}

async function listed(names: readonly string[], directory: string): Promise<Listing> {
  const { findings } = await lookOrFail(names, [directory], workersIdentity());
  const strategies = await Promise.all(names.map(loadStrategy));
  return {
    directory,
    strategies: strategies.map(({ name, family, title, calls }) => {
      const finding = findings[name]?.[directory] ?? { available: false, reason: 'not tried' };
      const detail = finding.available ? offers(finding.members) : finding.reason;
      return { name, family, title, calls, available: finding.available, detail };
    }),
  };
}

function listText({ strategies }: Listing): string {
  const widest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length));
  const nameWidth = widest(strategies.map(({ name }) => name));
  const titleWidth = widest(strategies.map(({ title }) => title));
  const lines = [...new Set(strategies.map(({ family }) => family))].flatMap((family) => [
    family,
    ...strategies
      .filter((strategy) => strategy.family === family)
      .map(({ name, title, calls, available, detail }) => {
        const can = available
          ? `${detail}${calls === 'asynchronous' ? ', returns promises' : ''}`
          : `unavailable: ${detail}`;
        return `  ${name.padEnd(nameWidth)} ${title.padEnd(titleWidth)} ${can}`;
      }),
  ]);
  return [...lines, '', nextLine(['lockbench explain NAME', 'lockbench choose', 'lockbench run'])].join('\n');
}
