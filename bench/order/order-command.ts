/**
 * `lockbench order`: readers and writers; who is let in beside whom, and who is served first.
 */

import { messageOf } from '../base/error-message.js';
import { BROKEN, INCOMPLETE } from '../base/exit-codes.js';
import { UsageError } from '../base/usage-error.js';
import type { BareCommand } from '../command-line/commander.js';
import {
  type Exports,
  exportCsvOption,
  exportJsonOption,
  exportMarkdownOption,
  exportsOf,
  openExports,
} from '../command-line/export-options.js';
import { parseCount } from '../command-line/parse.js';
import {
  choose,
  lacksOutsideLock,
  type PlayedStrategy,
  parseScenarioOptions,
  playInterruptibly,
  type ScenarioOptions,
  withScenarioOptions,
} from '../command-line/scenario-options.js';
import { lockName } from '../measure/result/result.js';
import { policyName } from '../measure/worker/policy.js';
import { nextLine, pageStep } from '../text/next-line.js';
import { print } from '../text/standard-streams.js';
import { StatusLine } from '../text/status-line.js';
import { DEFAULT_TIMES, playOrder } from './order-case.js';
import { orderCsv, orderMarkdown } from './order-exports.js';
import type { Case, OrderResult } from './order-schema.js';
import { orderFindings, orderPictures, orderTable } from './order-text.js';
import { ORDER_SCHEMA_VERSION, QUESTIONS } from './questions.js';

const MOST_TIMES = 1000;

const EXAMPLES = `
Examples:
  lockbench order                     all locks with a shared mode
  lockbench order fcntl flock --times 20
  lockbench order flock --wait sleep:1ms
  lockbench order fcntl flock rwlock --runtime c
  lockbench order --quiet --json - | jq '.cases[].plays[].answer'

Exit codes: 0 all well; 1 a claim was broken: a writer was not alone; 2 bad usage; 3 a question could not be played;
130, 143, 129 ended by a signal.`;

const declare = (program: BareCommand) =>
  withScenarioOptions(program.command('order [words...]'), 'all with a shared mode')
    .addOption(exportCsvOption('play'))
    .addOption(exportMarkdownOption())
    .addOption(exportJsonOption())
    .option('--times <n>', `how often to ask each question (default: ${DEFAULT_TIMES})`)
    .addHelpText('after', EXAMPLES);

export function addOrderCommand(program: BareCommand): void {
  declare(program).action((words, raw) =>
    order(
      parseScenarioOptions('order', words, raw),
      parseCount('--times', raw.times ?? String(DEFAULT_TIMES), 1, MOST_TIMES),
      exportsOf(raw),
    ),
  );
}

/** The strategies that readers and writers can be played with. Throws UsageError if one was named that they cannot. */
function withSharedMode(played: readonly PlayedStrategy[], wereNamed: boolean): PlayedStrategy[] {
  const able = played.filter(({ finding }) => finding.members.shared);
  const unable = played.find(({ finding }) => !finding.members.shared);
  if (wereNamed && unable !== undefined) {
    throw new UsageError(
      `order: a strategy with a shared mode was expected, got "${unable.spec.strategy.name}", which has no shared mode`,
      'without names, order takes all that have one',
    );
  }
  return able;
}

/** All questions, or the reason why they could not be played. */
async function tried(
  { spec }: PlayedStrategy,
  times: number,
  onPlay: (what: string) => void,
): Promise<Case[]> {
  const { strategy, policy, foreign } = spec;
  const lock = {
    ...{ strategy: strategy.name, wait: policyName(policy) },
    ...(foreign && { runtime: foreign.runtime }),
  };
  try {
    const plays = await playOrder(spec, QUESTIONS, times, (question) =>
      onPlay(`${lockName(lock)}, ${question}`),
    );
    return QUESTIONS.map((question) => ({
      ...lock,
      question,
      state: 'played',
      plays: plays.get(question) ?? [],
    }));
  } catch (error) {
    const reason = messageOf(error);
    return QUESTIONS.map((question) => ({ ...lock, question, state: 'not-played', reason }));
  }
}

async function order(options: ScenarioOptions, times: number, exports: Exports): Promise<void> {
  await playInterruptibly<OrderResult>(
    options,
    async (interruption, head) => {
      const { played, unavailable } = await choose(options, ({ calls }) => calls === 'synchronous');
      const able = withSharedMode(played, options.specs !== null);
      const status = new StatusLine(options);
      const cases: Case[] = [];
      const total = able.length * QUESTIONS.length * times;
      let done = 0;
      for (const one of able) {
        if (interruption.signal.aborted) break;
        const played = await tried(one, times, (what) => status.show(what, done++, total));
        // Its processes were killed under it: it tells nothing.
        if (!interruption.signal.aborted) cases.push(...played);
      }
      status.clear();
      if (interruption.signal.aborted && cases.length === 0) return null;
      return { schemaVersion: ORDER_SCHEMA_VERSION, ...head(), unavailable, times, cases };
    },
    (result) => {
      if (options.json !== '-') show(result, options.verbose);
      const violated = result.cases.some(
        (oneCase) => oneCase.state === 'played' && oneCase.plays.some(({ heldTwiceNs }) => heldTwiceNs > 0),
      );
      if (violated) return BROKEN;
      const notPlayed = result.cases.some(({ state }) => state === 'not-played');
      return notPlayed || lacksOutsideLock(result) ? INCOMPLETE : 0;
    },
    () => openExports(exports, { csv: orderCsv, markdown: orderMarkdown }),
  );
}

function show(result: OrderResult, all: boolean): void {
  const parts = [
    ...[
      orderFindings(result)
        .map((line) => `${line}\n`)
        .join(''),
      orderTable(result),
      orderPictures(result, all),
    ],
    `\n${nextLine(['lockbench choose --readers', ...(all ? [] : ['add --verbose (every picture)']), ...pageStep()])}`,
  ];
  print(parts.filter((part) => part !== '').join('\n'));
}
