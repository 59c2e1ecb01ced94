/**
 * `lockbench choose`: which lock fits, by what the strategies claim and what a recorded run measured.
 */
import { createInterface } from 'node:readline/promises';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { loadStrategy, strategyNames } from '../../strategies/index.js';
import { UsageError } from '../base/usage-error.js';
import type { BareCommand } from '../command-line/commander.js';
import { directoryOption, jsonOption, strategiesOption } from '../command-line/common-options.js';
import { deliver } from '../command-line/deliver.js';
import { directoryOf } from '../command-line/directories.js';
import { interruptibly } from '../command-line/interruption.js';
import { namesOf } from '../command-line/strategy-list.js';
import { parseSubjects } from '../command-line/subjects.js';
import { workersIdentity } from '../command-line/workers-identity.js';
import { projectRoot } from '../machine/host.js';
import { look } from '../measure/parent/preflight.js';
import { writeErr } from '../text/standard-streams.js';
import { choice } from './choice.js';
import { choiceLines } from './choice-text.js';
import { type Candidate, NEEDS, type Need } from './needs.js';

const EXAMPLES = `
Without needs it asks for them, if it runs on a terminal.

Examples:
  lockbench choose --local --crash             a lock for a daemon on one host
  lockbench choose --nfs --crash --readers
  lockbench choose fcntl flock excl --no-block --other-languages`;

const declare = (program: BareCommand) =>
  program
    .command('choose [words...]')
    .usage('[needs] [strategies...] [directory] [options]')
    .description('choose a lock by what it must do, what the strategies claim, and what they cost')
    .addOption(strategiesOption('all but the controls'))
    .addOption(directoryOption('the temporary directory'))
    .addOption(jsonOption());

export function addChooseCommand(program: BareCommand): void {
  const command = declare(program).optionsGroup('Needs:');
  for (const { option, opposite, help } of NEEDS) {
    command.option(option, help);
    if (opposite !== undefined) command.option(opposite, `the opposite of ${option}, and the default`);
  }
  command.addHelpText('after', EXAMPLES).action((words, raw, self) =>
    interruptibly(async (signal) => {
      const { named, directories, json } = parseSubjects('choose', words, raw, { directories: 'one' });
      const names = named === null ? strategyNames : namesOf('choose', named);
      const needs = given(optionsOf(self)) ?? (await askAtTerminal(signal));
      const directory = directoryOf(directories);
      // The library of schemas takes longer to load than the help takes to print.
      const { QUOTED_RUN, recordedRun } = await import('../measure/result/recorded-run.js');
      const run = recordedRun(QUOTED_RUN, projectRoot);
      await deliver(
        json,
        async () => choice(await candidatesAmong(names, directory), needs, run),
        (chosen) => choiceLines(chosen, run, QUOTED_RUN).join('\n'),
      );
    }),
  );
}

/** The options that were given, by name: commander's values do not tell "--no-block" from nothing. */
const optionsOf = (command: CommandUnknownOpts): string[] =>
  command.options.flatMap((option) =>
    option.long !== undefined && command.getOptionValueSource(option.attributeName()) === 'cli'
      ? [option.long]
      : [],
  );

/** The needs that the options name; null if there are no options. Throws UsageError. */
export function given(all: readonly string[]): readonly Need[] | null {
  const options = all.filter((name) =>
    NEEDS.some(({ option, opposite }) => [option, opposite].includes(name)),
  );
  for (const { option, opposite } of NEEDS) {
    if (opposite !== undefined && options.includes(option) && options.includes(opposite)) {
      throw new UsageError(
        `choose: one of ${option} and ${opposite} was expected, got both`,
        'leave one of them out',
      );
    }
  }
  return options.length === 0 ? null : NEEDS.filter(({ option }) => options.includes(option));
}

const ANSWERS: Readonly<Record<string, boolean>> = { y: true, yes: true, n: false, no: false };

/** Asks a question at a time. `say` puts one and returns the answer, or null if there will be none. Throws UsageError. */
export async function asked(say: (question: string) => Promise<string | null>): Promise<readonly Need[]> {
  const needs: Need[] = [];
  for (const need of NEEDS) {
    let answer: boolean | undefined;
    while (answer === undefined) {
      const text = await say(`${need.question} [y/n] `);
      if (text === null) throw noAnswers('an answer was expected, the input ended');
      answer = ANSWERS[text.trim().toLowerCase()];
    }
    if (answer) needs.push(need);
  }
  return needs;
}

function noAnswers(what: string): UsageError {
  const flags = NEEDS.flatMap(({ option, opposite }) =>
    opposite === undefined ? [option] : [option, opposite],
  );
  return new UsageError(`choose: ${what}`, `say what is needed: ${flags.join(' ')}`);
}

/** Asks the person at the terminal; questions go to standard error, as all messages do. */
async function askAtTerminal(signal: AbortSignal): Promise<readonly Need[]> {
  if (process.stdin.isTTY !== true) throw noAnswers('an option, or a terminal to ask at, was expected');
  // No line editor of Node's: it would take Ctrl-C for itself.
  const lines = createInterface({ input: process.stdin, terminal: false });
  const ended = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
  try {
    return await asked((question) => {
      writeErr(question);
      return Promise.race([lines.question('', { signal }), ended]);
    });
  } finally {
    lines.close();
  }
}

/** Nobody chooses a control, unless by its name. */
async function candidatesAmong(names: readonly string[], directory: string): Promise<readonly Candidate[]> {
  const { findings } = await look(names, [directory], workersIdentity());
  const strategies = await Promise.all(names.map(loadStrategy));
  return strategies
    .filter(({ family }) => family !== 'control' || names !== strategyNames)
    .map((strategy) => ({
      strategy,
      finding: findings[strategy.name]?.[directory] ?? { available: false, reason: 'it was not tried' },
    }));
}
