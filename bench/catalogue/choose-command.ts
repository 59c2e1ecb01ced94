/**
 * `lockbench choose`: which lock fits, by what the strategies claim and what a recorded run measured.
 */
import { createInterface } from 'node:readline/promises';
import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
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
import { projectRoot } from '../machine/project.js';
import { lookOrFail } from '../measure/parent/preflight.js';
import { print, say, writeErr } from '../text/standard-streams.js';
import { choice } from './choice.js';
import { choiceLines } from './choice-text.js';
import { decisionLines, optionNames } from './decision-table.js';
import { linesOf } from './directory-lines.js';
import { LANGUAGE_OPTION, LANGUAGE_QUESTION, LANGUAGE_WORDS, languageNeed } from './language-need.js';
import { type Candidate, NEEDS, type Need } from './needs.js';

const EXAMPLES = `
Without needs, it asks for them on a terminal; elsewhere it prints what to take for the usual ones.
Costs come from your last run, if it is enough to choose by.

Examples:
  lockbench choose --local --crash             a lock for a daemon on one host
  lockbench choose --language python --crash
  lockbench choose --nfs --crash --readers
  lockbench choose fcntl flock excl --no-block --other-languages`;

const declare = (program: BareCommand) =>
  program
    .command('choose [words...]')
    .usage('[needs] [strategies...] [directory] [options]')
    .addOption(strategiesOption('all but the controls'))
    .addOption(directoryOption('the temporary directory'))
    .addOption(jsonOption());

export function addChooseCommand(program: BareCommand): void {
  const command = declare(program)
    .optionsGroup('Needs:')
    .addOption(new Option(`${LANGUAGE_OPTION} <name>`, 'the language that takes it').choices(LANGUAGE_WORDS));
  for (const { option, opposite, help } of NEEDS) {
    command.option(option, help);
    if (opposite !== undefined) command.option(opposite, `the opposite of ${option} (the default)`);
  }
  command.addHelpText('after', EXAMPLES).action((words, raw, self) =>
    interruptibly(async (signal) => {
      const { named, directories, json } = parseSubjects('choose', words, raw, { directories: 'one' });
      const names = named === null ? strategyNames : namesOf('choose', named);
      const options = withLanguage(raw.language, given(optionsOf(self)));
      const isTable = options === null && process.stdin.isTTY !== true;
      if (isTable && json !== null) throw noAnswers('an option was expected, or a terminal to ask on');
      const needs = options ?? (isTable ? null : await askAtTerminal(signal));
      const directory = directoryOf(directories);
      const about = (asked: readonly Need[]) => (directories === null ? [] : linesOf(directory, asked));
      // The library of schemas takes longer to load than the help takes to print.
      const { figuresFor } = await import('./figures.js');
      const candidates = await candidatesAmong(names, directory);
      if (needs === null) {
        const figures = figuresFor((run) => choice(candidates, [], run));
        print([...about([]), ...decisionLines(candidates, figures)].join('\n'));
        return;
      }
      const figures = figuresFor((run) => choice(candidates, needs, run));
      await deliver(
        json,
        async () => ({ figures: figures.source, ...choice(candidates, needs, figures.run) }),
        (chosen) => [...about(needs), ...choiceLines(chosen, figures)].join('\n'),
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

/** What the options name, the language first. */
function withLanguage(word: string | undefined, options: readonly Need[] | null): readonly Need[] | null {
  const need = word === undefined ? undefined : languageNeed(word);
  return need === undefined ? options : [need, ...(options ?? [])];
}

/** So often nothing, one after the other, answers all questions. */
const EMPTY_FOR_ALL = 2;
const ANSWERS: Readonly<Record<string, boolean>> = { y: true, yes: true, n: false, no: false };

/**
 * Asks a question at a time; nothing is the usual answer, and nothing twice the usual one to all that follow. `put` puts a
 * question and returns the answer, or null if there will be none. Throws UsageError.
 */
export async function asked(put: (question: string) => Promise<string | null>): Promise<readonly Need[]> {
  let empty = 0;
  /** Until the answer is one; `read` returns undefined for what is none. */
  async function answerTo<T>(question: string, usual: T, read: (word: string) => T | undefined): Promise<T> {
    while (empty < EMPTY_FOR_ALL) {
      const text = await put(question);
      if (text === null) throw noAnswers('an answer was expected, the input ended');
      const word = text.trim().toLowerCase();
      empty = word === '' ? empty + 1 : 0;
      const answer = word === '' ? usual : read(word);
      if (answer !== undefined) return answer;
    }
    return usual;
  }
  const language = await answerTo<Need | null>(`${LANGUAGE_QUESTION} [any] `, null, (word) =>
    word === 'any' ? null : languageNeed(word),
  );
  const needs = language === null ? [] : [language];
  for (const need of NEEDS) {
    const question = `${need.question} ${need.usual ? '[Y/n]' : '[y/N]'} `;
    if (await answerTo(question, need.usual, (word) => ANSWERS[word])) needs.push(need);
  }
  return needs;
}

const noAnswers = (what: string): UsageError =>
  new UsageError(`choose: ${what}`, `say what is needed: ${optionNames().join(' ')}`);

/** Asks the person at the terminal; questions go to standard error, as all messages do. */
async function askAtTerminal(signal: AbortSignal): Promise<readonly Need[]> {
  say('Enter takes the answer in capitals; Enter twice takes it for all remaining questions.');
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
  const { findings } = await lookOrFail(names, [directory], workersIdentity());
  const strategies = await Promise.all(names.map(loadStrategy));
  const { failuresOverNfs, QUOTED_NFS_RUN } = await import('./nfs-evidence.js');
  const { recordedRun } = await import('../measure/result/recorded-run.js');
  const failures = failuresOverNfs([recordedRun(QUOTED_NFS_RUN, projectRoot)]);
  return strategies
    .filter(({ family }) => family !== 'control' || names !== strategyNames)
    .map((strategy) => {
      const failure = failures.get(strategy.name);
      return {
        ...(failure === undefined ? {} : { failureOverNfs: failure }),
        strategy,
        finding: findings[strategy.name]?.[directory] ?? { available: false, reason: 'it was not tried' },
      };
    });
}
