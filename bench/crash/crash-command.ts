/**
 * `lockbench crash`: what happens to a lock when its holder dies, is stopped, or is undermined.
 */

import { strategyNames } from '../../strategies/index.js';
import { parseDuration } from '../base/duration.js';
import { BROKEN, INCOMPLETE } from '../base/exit-codes.js';
import { suggestion } from '../base/suggestion.js';
import { UsageError } from '../base/usage-error.js';
import type { BareCommand, OptionsOf } from '../command-line/commander.js';
import {
  type Exports,
  exportCsvOption,
  exportJsonOption,
  exportMarkdownOption,
  exportsOf,
  openExports,
} from '../command-line/export-options.js';
import {
  choose,
  lacksOutsideLock,
  parseScenarioOptions,
  playInterruptibly,
  type ScenarioOptions,
  withScenarioOptions,
} from '../command-line/scenario-options.js';
import { lockName } from '../measure/result/result.js';
import { nextLine, pageStep } from '../text/next-line.js';
import { print } from '../text/standard-streams.js';
import { StatusLine } from '../text/status-line.js';
import { playCrashes } from './crash-batch.js';
import { brokenClaim, DEFAULT_PATIENCE_NS, lockOf, patienceFor } from './crash-case.js';
import { CRASH_SCHEMA_VERSION, type CrashEvent, EVENTS } from './crash-events.js';
import { crashCsv, crashMarkdown } from './crash-exports.js';
import { crashPictures } from './crash-pictures.js';
import type { CrashResult } from './crash-schema.js';
import { sortedFindings } from './crash-sentences.js';
import { crashTables } from './crash-table.js';

const EXAMPLES = `
Examples:
  lockbench crash                                  all synchronous locks, all events, in about a minute
  lockbench crash fcntl flock --events close       what closing another descriptor does to a lock
  lockbench crash excl /mnt/nfs --events kill,unlink --timeline
  lockbench crash all --json crash.json --export-markdown crash.md
  lockbench crash fcntl excl --runtime node,c,python
  lockbench crash --worker 'python3 my_lock.py' --name mylock

Events: kill, exception, exit, return (the holder dies with the lock); stop, close, unlink (it lives on).
Exit codes: 0 all well; 1 a claim was broken; 2 bad usage; 3 a scenario could not be played;
130, 143, 129 ended by a signal.`;

interface CrashOptions extends ScenarioOptions {
  readonly events: readonly CrashEvent[];
  readonly patienceNs: number;
  readonly timeline: boolean;
  readonly exports: Exports;
}

const declare = (program: BareCommand) =>
  withScenarioOptions(program.command('crash [words...]'), 'all that are synchronous and claim to exclude')
    .option('--events <list>', `which of ${EVENTS.join(', ')} (default: all)`)
    .option(
      '--patience <duration>',
      'a lock that nobody gets within this is stuck (default: 1s; never less than a lease)',
    )
    .addOption(exportCsvOption('scenario'))
    .addOption(exportMarkdownOption())
    .addOption(exportJsonOption())
    .option('--timeline', 'draw every scenario, not one for each kind of outcome')
    .addHelpText('after', EXAMPLES);

export function addCrashCommand(program: BareCommand): void {
  declare(program).action((words, raw) => crash(parseCrashOptions(words, raw)));
}

function parseEvents(text: string): CrashEvent[] {
  const events = text.split(',').flatMap((item): CrashEvent[] => {
    const name = item.trim();
    if (name === '') return [];
    const event = EVENTS.find((one) => one === name);
    if (event !== undefined) return [event];
    throw new UsageError(
      `--events: one of ${EVENTS.join(', ')} was expected, got "${name}"`,
      suggestion(name, EVENTS) ?? 'for example --events kill,stop',
    );
  });
  if (events.length > 0) return [...new Set(events)];
  throw new UsageError(
    `--events: a list of events was expected, got "${text}"`,
    'for example --events kill,stop',
  );
}

function parsePatience(text: string): number {
  const ns = parseDuration(text, '--patience');
  if (ns > 0) return ns;
  throw new UsageError(
    `--patience: more than 0 was expected, got "${text}"`,
    'for example --patience 1s, and longer than any time after which a lock counts as stale',
  );
}

function parseCrashOptions(words: readonly string[], raw: OptionsOf<typeof declare>): CrashOptions {
  return {
    ...parseScenarioOptions('crash', words, raw),
    events: raw.events === undefined ? EVENTS : parseEvents(raw.events),
    patienceNs: raw.patience === undefined ? DEFAULT_PATIENCE_NS : parsePatience(raw.patience),
    timeline: raw.timeline ?? false,
    exports: exportsOf(raw),
  };
}

async function crash(options: CrashOptions): Promise<void> {
  const { events, patienceNs, asRoot } = options;
  await playInterruptibly<CrashResult>(
    options,
    async (interruption, head) => {
      const { played, unavailable } = await choose(
        options,
        ({ calls, claims }) => calls === 'synchronous' && (asRoot ? claims.excludesAsRoot : claims.excludes),
      );
      const status = new StatusLine(options);
      const specs = played.flatMap(({ spec }) =>
        events.map((event) => ({
          ...spec,
          event,
          patienceNs: patienceFor(spec.strategy.claims, patienceNs),
        })),
      );
      const scenarios = await playCrashes(specs, {
        begins: (spec, done) => status.show(`${lockName(lockOf(spec))}, ${spec.event}`, done, specs.length),
        isOver: () => interruption.signal.aborted,
      });
      status.clear();
      const claimsOf = new Map(played.map(({ spec }) => [lockName(lockOf(spec)), spec.strategy.claims]));
      const brokenClaims = scenarios.flatMap((scenario) => {
        const claims = claimsOf.get(lockName(scenario));
        if (scenario.state !== 'played' || claims === undefined) return [];
        return brokenClaim(scenario, claims, asRoot) ?? [];
      });
      if (interruption.signal.aborted && scenarios.length === 0) return null;
      return {
        schemaVersion: CRASH_SCHEMA_VERSION,
        ...head(),
        unavailable,
        patienceNs,
        scenarios,
        brokenClaims,
      };
    },
    (result) => {
      if (options.json !== '-') show(result, options);
      if (result.brokenClaims.length > 0) return BROKEN;
      const notPlayed = result.scenarios.some(({ state }) => state === 'not-played');
      return notPlayed || lacksOutsideLock(result) ? INCOMPLETE : 0;
    },
    () => openExports(options.exports, { csv: crashCsv, markdown: crashMarkdown }),
  );
}

/** More failed calls than these are counted only. */
const MOST_ERRORS = 3;

function show(result: CrashResult, { timeline, verbose }: CrashOptions): void {
  const { first, outcomes, errors, missing } = sortedFindings(result);
  const failed =
    errors.length > MOST_ERRORS && !verbose
      ? [`In ${errors.length} scenarios calls failed, as they do where a name was removed (--verbose).`]
      : errors;
  const parts = [
    ...[
      first.map((line) => `${line}\n`).join(''),
      crashTables(result, verbose),
      [...outcomes, ...failed, ...missing].join('\n'),
    ],
    ...[crashPictures(result, timeline), `\n${nextLine(next(result))}`],
  ];
  print(parts.filter((part) => part !== '').join('\n'));
}

/** What one would ask next. */
function next({ scenarios }: CrashResult): string[] {
  const known = scenarios.map(({ strategy }) => strategy).find((name) => strategyNames.includes(name));
  const explain = known === undefined ? [] : [`lockbench explain ${known}`];
  return [...explain, 'lockbench choose --crash', ...pageStep()];
}
