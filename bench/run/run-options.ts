/**
 * The options of `run`: how they are declared, and from text to types.
 */

import { usualNames } from '../../strategies/index.js';
import { parseDuration } from '../base/duration.js';
import { parsePercent } from '../base/percent.js';
import { type BareCommand, Option, type OptionsOf } from '../command-line/commander.js';
import {
  directoriesOption,
  jsonOption,
  processesOption,
  quietOption,
  recordOption,
  seedOption,
  stayRootOption,
  strategiesOption,
  verboseOption,
} from '../command-line/common-options.js';
import { directoriesOf } from '../command-line/directories.js';
import {
  type Exports,
  exportCsvOption,
  exportJsonOption,
  exportMarkdownOption,
  exportsOf,
} from '../command-line/export-options.js';
import { htmlOption } from '../command-line/page-output.js';
import {
  list,
  parseAmount,
  parseCount,
  parsePause,
  parseRecordName,
  parseSeed,
} from '../command-line/parse.js';
import { contendersOf, nameOption, runtimeOption, workerOption } from '../command-line/runtimes.js';
import { parseNumberMode } from '../command-line/strategy-list.js';
import { parseSubjects, type Subjects } from '../command-line/subjects.js';
import { temporaryDirectory } from '../measure/parent/preflight.js';
import type { Limits, Sampling, SharedConditions } from '../measure/parent/request.js';
import { PLAIN } from '../measure/parent/request.js';
import { type Policy, parsePolicy } from '../measure/worker/policy.js';
import type { StrategySpec } from '../measure/worker/strategy-spec.js';
import type { Talk } from '../text/status-line.js';
import { presetNames, QUICK_STRATEGIES, withPresets } from './presets.js';
import { type ProcessMix, parseProcessMix } from './process-mix.js';

const EXAMPLES = `
Examples:
  lockbench run                                      measure the usual strategies, in less than a minute
  lockbench run fcntl excl /mnt/a                    two strategies, in one directory
  lockbench run --strategies excl --wait spin,yield,sleep:1ms,backoff
  lockbench run fcntl flock --hold 10us --think 10us --processes 8
  lockbench run --dir /mnt/a --dir /mnt/b --json result.json
  lockbench run --preset job-runner --quick          another workload, an answer in 10 s
  lockbench run --quiet --json - | jq '.cells[].nsPerIncrement.median'

A strategy may name its policy: excl/spin, fcntl/block. Durations have units: ns, us, ms, s, min.
Exit codes: 0 all well; 1 a claim was broken; 2 bad usage; 3 a cell did not finish, or a control was not caught;
130, 143, 129 ended by a signal.`;

const declare = (program: BareCommand) =>
  program
    .command('run [words...]', { isDefault: true })
    .usage('[strategies and directories...] [options]')
    .optionsGroup('What to measure:')
    .addOption(strategiesOption(usualNames.join(',')))
    .addOption(runtimeOption())
    .addOption(workerOption())
    .addOption(nameOption())
    .option(
      '--wait <list>',
      'how to wait: block, spin, yield, sleep:1ms, backoff (default: block, else spin; yield for a fair lock)',
    )
    .addOption(processesOption('1 and the number of CPUs, at least 2'))
    .option('--readers <n>', 'processes that take the shared lock and only read the number')
    .option('--writers <n>', 'the other processes, if there are readers (default: 1)')
    .option('--rogue <n>', 'let this many of the processes take numbers without locking')
    .option('--pin <placement>', 'pin each worker to a processor: "compact" or "spread"')
    .option('--increments <n>', 'numbers that each process takes (default: 10000)')
    .addOption(directoriesOption('the temporary directory'))
    .option(
      '--number <mode>',
      'keep the number file open ("kept-open", the default) or open it in each turn ("reopened")',
    )
    .option(
      '--hold <duration>',
      'time to spend while holding the lock; sleep:1ms sleeps instead of using the CPU',
    )
    .option('--think <duration>', 'time to spend between turns')
    .option('--one-host', 'on a network file system, measure locks in the memory of this host too')
    .addOption(
      new Option('--preset <name>', 'a workload: hold time, think time and processes').choices(presetNames),
    )
    .optionsGroup('How long:')
    .addOption(new Option('--quick', 'an answer in about 10 s').conflicts('thorough'))
    .option('--thorough', 'continue until intervals are narrow, for at most 15min')
    .option('--rounds <n>', 'blocks; each holds every cell once (default: 6)')
    .option('--until <percent>', 'add blocks until each bound is within this of its median, such as 5%')
    .option('--handoffs <n>', 'hand-offs that prove a lock; 0 skips the proof (default: 2000)')
    .option(
      '--min-round <duration>',
      'repeat laps until a round has lasted this long (default: 200ms, less if there are many rounds)',
    )
    .option('--rest <duration>', 'do nothing for this long before each block')
    .option('--fresh-inodes', 'on ext4, give each round inodes from another part of the disk')
    .option(
      '--budget <duration>',
      'end a round after this, with the turns done so far (default: 20s, less if there are many rounds and no --increments; 100ms if nothing says what to measure)',
    )
    .option(
      '--max-time <duration>',
      'start no block that would end later (default: none; 46s if nothing says what to measure; 5min with --until)',
    )
    .option('--time-limit <duration>', 'kill a round after this', '60s')
    .addOption(seedOption())
    .optionsGroup('What to print and keep:')
    .option('--all', 'print the table of every directory and number of processes')
    .option('--latency', 'print how long acquisitions and hand-offs took, in the trace rounds')
    .option('--trace <file>', 'keep the owner log of the trace rounds, as CSV')
    .option('--no-trace', 'skip the trace rounds, which measure latencies')
    .addOption(jsonOption())
    .addOption(exportCsvOption('round'))
    .addOption(exportMarkdownOption())
    .addOption(exportJsonOption())
    .addOption(htmlOption())
    .addOption(recordOption())
    .addOption(quietOption())
    .addOption(verboseOption())
    .optionsGroup('Other options:')
    .addOption(stayRootOption())
    .helpOption('-h, --help', 'display help for command')
    .addHelpText('after', EXAMPLES);

type RunOptionValues = OptionsOf<typeof declare>;

/** `action` sets the exit code. */
export function declareRun(program: BareCommand, action: (options: RunOptions) => Promise<void>): void {
  declare(program).action((words, raw) => action(parseRunOptions(words, raw)));
}

export interface RunOptions extends Talk {
  readonly specs: readonly StrategySpec[];
  readonly policies: readonly Policy[];
  readonly processes: readonly number[];
  readonly conditions: SharedConditions;
  readonly limits: Limits<null>;
  readonly sampling: Sampling;
  /** Whether to print the table of every group. */
  readonly all: boolean;
  /** Whether to print the latencies too. */
  readonly latency: boolean;
  /** Where the owner log goes, or null. */
  readonly traceFile: string | null;
  readonly directories: readonly string[];
  /** Whether all that lock run on this host, though the directory may be shared with others. */
  readonly oneHost: boolean;
  readonly json: string | null;
  /** Where the page goes; undefined for none. */
  readonly html: string | undefined;
  readonly exports: Exports;
  readonly record: string | null;
  readonly stayRoot: boolean;
}

const MOST_INCREMENTS = 10_000_000;
const MOST_ROUNDS = 1000;
const MOST_HANDOFFS = 10_000_000;
const BUDGET_OF_ASKED_TURNS_NS = 20e9;
const BUDGET_OF_DEFAULT_RUN_NS = 100e6;
const MAX_TIME_OF_DEFAULT_RUN_NS = 46e9;
/** Some machines never become as quiet as that. */
const MAX_TIME_UNTIL_NS = 300e9;

/** These change what becomes of a result, or how a run is ended, and not what is measured. */
const TELLS_NOTHING: readonly (keyof RunOptionValues)[] = [
  ...([
    'budget',
    'maxTime',
    'timeLimit',
    'seed',
    'json',
    'html',
    'record',
    'quiet',
    'stayRoot',
    'trace',
  ] as const),
  ...([
    'pin',
    'handoffs',
    'until',
    'latency',
    'verbose',
    'all',
    'preset',
    'quick',
    'thorough',
    'runtime',
  ] as const),
  ...(['exportCsv', 'exportMarkdown', 'exportJson'] as const),
];

/** A run that was not told what to measure shall end in 45 s, on a slow disk too; one that was told does it all. */
const wasTold = (raw: RunOptionValues, { named, directories }: Subjects): boolean =>
  named !== null ||
  directories !== null ||
  (Object.keys(raw) as (keyof RunOptionValues)[]).some((option) => !TELLS_NOTHING.includes(option));

/** Who says how many turns there shall be gets them; of turns that nobody asked for, slow locks may do fewer. */
function parseBudget(raw: RunOptionValues, told: boolean): number | null {
  if (raw.budget !== undefined) return parseAmount('--budget', raw.budget);
  if (!told) return BUDGET_OF_DEFAULT_RUN_NS;
  return raw.increments === undefined ? null : BUDGET_OF_ASKED_TURNS_NS;
}

function parseMaxTime(raw: RunOptionValues, told: boolean): number | null {
  if (raw.maxTime !== undefined) return parseAmount('--max-time', raw.maxTime);
  if (raw.until !== undefined) return MAX_TIME_UNTIL_NS;
  return told ? null : MAX_TIME_OF_DEFAULT_RUN_NS;
}

function parseConditions(raw: RunOptionValues, mix: Omit<ProcessMix, 'processes'>): SharedConditions {
  const increments = raw.increments ?? String(PLAIN.increments);
  return {
    ...mix,
    increments: parseCount('--increments', increments, 1, MOST_INCREMENTS),
    number: parseNumberMode(raw.number ?? PLAIN.number),
    hold: parsePause('--hold', raw.hold),
    think: parsePause('--think', raw.think),
    ...(raw.freshInodes ? { freshInodes: true } : {}),
  };
}

const parseLimits = (raw: RunOptionValues, told: boolean): Limits<null> => ({
  atLeastNs: raw.minRound === undefined ? null : parseDuration(raw.minRound, '--min-round'),
  budgetNs: parseBudget(raw, told),
  maxTimeNs: parseMaxTime(raw, told),
  timeLimitNs: parseAmount('--time-limit', raw.timeLimit),
});

const parseSampling = (raw: RunOptionValues): Sampling => ({
  blocks: parseCount('--rounds', raw.rounds ?? '6', 1, MOST_ROUNDS),
  ...(raw.rest === undefined ? {} : { restNs: parseAmount('--rest', raw.rest) }),
  untilShare: raw.until === undefined ? null : parsePercent(raw.until, '--until'),
  handoffs: parseCount('--handoffs', raw.handoffs ?? '2000', 0, MOST_HANDOFFS),
  proofs: 1,
  // --quick has no time for it; a user who names a file wants it.
  trace: typeof raw.trace === 'string' || (raw.trace !== false && raw.quick !== true),
  seed: parseSeed(raw.seed),
});

function parseRunOptions(words: readonly string[], asked: RunOptionValues): RunOptions {
  const subjects = parseSubjects('run', words, asked, { directories: 'several' });
  const told = wasTold(asked, subjects);
  const raw = withPresets(asked);
  const named = subjects.named ?? (raw.quick === true && raw.worker === undefined ? QUICK_STRATEGIES : null);
  const specs = contendersOf(named, raw);
  const policies = list(raw.wait ?? '').map(parsePolicy);
  const { processes, ...mix } = parseProcessMix(raw);
  return {
    specs,
    policies,
    processes,
    conditions: parseConditions(raw, mix),
    limits: parseLimits(raw, told),
    sampling: parseSampling(raw),
    all: raw.all ?? false,
    latency: raw.latency ?? false,
    traceFile: typeof raw.trace === 'string' ? raw.trace : null,
    oneHost: raw.oneHost ?? false,
    json: subjects.json,
    html: raw.html,
    exports: exportsOf(raw),
    record: parseRecordName(raw.record),
    quiet: raw.quiet ?? false,
    verbose: raw.verbose ?? false,
    stayRoot: raw.stayRoot ?? false,
    directories: directoriesOf(subjects.directories ?? [temporaryDirectory()]),
  };
}
