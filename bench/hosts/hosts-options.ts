/**
 * The options of `hosts`: how they are declared, and from text to types.
 */
import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf } from '../base/error-message.js';
import { UsageError } from '../base/usage-error.js';
import { quoted } from '../base/visible.js';
import { type BareCommand, Option, type OptionsOf } from '../command-line/commander.js';
import {
  directoryOption,
  jsonOption,
  quietOption,
  recordOption,
  seedOption,
  stayRootOption,
  strategiesOption,
  verboseOption,
} from '../command-line/common-options.js';
import { htmlOption } from '../command-line/page-output.js';
import {
  list,
  parseAmount,
  parseCount,
  parsePause,
  parseRecordName,
  parseSeed,
} from '../command-line/parse.js';
import { parseNumberMode, parseStrategySpecs } from '../command-line/strategy-list.js';
import { parseSubjects } from '../command-line/subjects.js';
import { PLAIN, type RoundLimits, type SharedConditions } from '../measure/parent/request.js';
import { type Policy, parsePolicy } from '../measure/worker/policy.js';
import type { StrategySpec } from '../measure/worker/strategy-spec.js';
import type { Talk } from '../text/status-line.js';
import { withControls } from './contenders.js';

const USUAL = ['fcntl', 'flock', 'excl'];
/** Turns of a lap: after each, a worker looks at the clock. Over a network a lap of thousands would take minutes. */
const LAP = 100;
const MOST_RANKS = 10_000;
const MOST_ROUNDS = 1000;
const MOST_HANDOFFS = 1_000_000;

/** Options of what is measured. */
const MEASURING = [
  'ranks',
  'wait',
  'number',
  'hold',
  'think',
  'html',
  'record',
  'rounds',
  'handoffs',
  'trace',
  'minRound',
  'budget',
  'timeLimit',
  'dryRun',
  'seed',
  'killHolder',
  'cutHolder',
  'patience',
  'predict',
];

const EXAMPLES = `
Started by MPI or Slurm; rank 0 is the referee and does not contend:
  mpirun -n 9 --hostfile hosts lockbench hosts --dir /mnt/shared --strategies fcntl,excl,flock
  srun --mpi=pmix -n 9 lockbench hosts --dir /mnt/shared --ranks 1,2,4,8
  lockbench hosts --dir /mnt/shared --ranks 1,2,4 --dry-run
Started by hand on two hosts, without MPI: does a lock exclude between them?
  lockbench hosts --pair /mnt/shared

Exit codes: 0 all well; 1 a claim was broken; 2 bad usage; 3 something did not finish, or a control was not caught;
130, 143, 129 ended by a signal.`;

export const declare = (program: BareCommand) =>
  program
    .command('hosts [words...]')
    .usage('[strategies...] [directory] [options]')
    .addOption(strategiesOption(`${USUAL.join(',')}; both controls are added`))
    .addOption(directoryOption('none: name one that all hosts share'))
    .option('--ranks <list>', 'how many ranks contend, such as 1,2,4 (default: 1, and all except rank 0)')
    .option(
      '--number <mode>',
      'keep the number file open ("kept-open", the default) or open it in each turn ("reopened")',
    )
    .option(
      '--wait <list>',
      'how to wait: block, spin, yield, sleep:1ms, backoff (default: block, else spin; yield for a fair lock)',
    )
    .option(
      '--hold <duration>',
      'time to spend while holding the lock; sleep:1ms sleeps instead of using the CPU',
    )
    .option('--think <duration>', 'time to spend between turns')
    .option('--no-trace', 'skip the trace rounds, which measure hand-offs')
    .option('--rounds <n>', 'blocks; each times every cell once', '3')
    .option('--handoffs <n>', 'hand-offs that prove a lock; 0 skips the proof', '2000')
    .option('--min-round <duration>', 'repeat laps until a round has lasted this long', '500ms')
    .option('--budget <duration>', 'end a round after this, with the turns done so far', '10s')
    .option('--time-limit <duration>', 'kill a round after this', '60s')
    .option('--kill-holder', 'also kill a worker that holds the lock, and see who gets it')
    .option(
      '--cut-holder <program>',
      'also cut off a holder’s host by "PROGRAM cut HOST", and see who gets the lock; later run "PROGRAM heal HOST"',
    )
    .option(
      '--patience <duration>',
      'a lock that nobody gets within this is stuck (default: 40s; 3min with --cut-holder)',
    )
    .option('--dry-run', 'print what would be measured, and measure nothing')
    .addOption(
      new Option(
        '--pair',
        'test exclusion with one other host, where you start the same command; times nothing',
      ).conflicts(MEASURING),
    )
    .option('--predict <list>', 'predict the rates for these numbers of clients by a model; measures nothing')
    .option('--round-trip <duration>', 'with --predict: round trip of the network (default: 200us)')
    .option(
      '--call-time <duration>',
      'with --predict: time that client and server take for a call (default: 20us)',
    )
    .option(
      '--server-calls <n>',
      'with --predict: calls that the server answers in a second (default: 50000)',
    )
    .option('--wait-for <duration>', 'with --pair: how long to wait for the other host (default: 10min)')
    .addOption(seedOption())
    .addOption(jsonOption())
    .addOption(htmlOption())
    .addOption(recordOption())
    .addOption(quietOption())
    .addOption(verboseOption())
    .addOption(stayRootOption())
    .addHelpText('after', EXAMPLES);

export type HostsOptionValues = OptionsOf<typeof declare>;

/** Throws UsageError for an option that means nothing without another one. */
export function requireTogether(raw: HostsOptionValues): void {
  const { pair, predict, waitFor, roundTrip, callTime, serverCalls } = raw;
  const lonely = [
    { option: '--wait-for', given: waitFor, needed: '--pair', has: pair },
    { option: '--round-trip', given: roundTrip, needed: '--predict', has: predict },
    { option: '--call-time', given: callTime, needed: '--predict', has: predict },
    { option: '--server-calls', given: serverCalls, needed: '--predict', has: predict },
  ].find(({ given, has }) => given !== undefined && has === undefined);
  if (lonely === undefined) return;
  throw new UsageError(
    `${lonely.option}: ${lonely.needed} was expected with it, got none`,
    `add ${lonely.needed}, or leave out ${lonely.option}`,
  );
}

export interface HostsOptions extends Talk {
  readonly specs: readonly StrategySpec[];
  /** As it was named, made absolute. */
  readonly directory: string;
  /** null: 1 and all. */
  readonly ranks: readonly number[] | null;
  /** Of strategies that say none themselves; empty: the usual one of each. */
  readonly policies: readonly Policy[];
  readonly conditions: SharedConditions;
  readonly rounds: number;
  readonly handoffs: number;
  /** Whether hand-offs are measured. */
  readonly trace: boolean;
  readonly limits: RoundLimits;
  readonly killHolder: boolean;
  /** The program that cuts a holder's host off; null: none is. */
  readonly cutHolder: string | null;
  /** Of those who wait then. */
  readonly patienceNs: number;
  readonly seed: number;
  readonly json: string | null;
  /** Where the page goes; undefined for none. */
  readonly html: string | undefined;
  readonly record: string | null;
  readonly dryRun: boolean;
  readonly stayRoot: boolean;
}

/** Longer than clients of NFSv4 sleep between two looks: up to 30 s. */
const USUAL_PATIENCE = '40s';

/** Longer than the server of NFSv4 believes in a client that it does not hear of: 90 s. */
const PATIENCE_WITH_CUT = '3min';

function patienceOf({ killHolder, cutHolder, patience }: HostsOptionValues): number {
  if (patience !== undefined && killHolder !== true && cutHolder === undefined) {
    throw new UsageError(
      `--patience: --kill-holder or --cut-holder was expected beside it, got --patience ${patience} alone`,
      'without them no holder dies, and nobody waits',
    );
  }
  return parseAmount(
    '--patience',
    patience ?? (cutHolder === undefined ? USUAL_PATIENCE : PATIENCE_WITH_CUT),
  );
}

/** The program by its absolute path. Throws UsageError. */
function parseCutter(path: string | undefined): string | null {
  if (path === undefined) return null;
  try {
    accessSync(path, constants.X_OK);
  } catch (error) {
    throw new UsageError(
      `--cut-holder: a program that can be run was expected, got ${quoted(path)}: ${messageOf(error)}`,
      'name it by its path; it is called with "cut HOST", then "heal HOST"',
    );
  }
  return resolve(path);
}

/** Throws UsageError. */
export function parseHostsOptions(words: readonly string[], raw: HostsOptionValues): HostsOptions {
  const { named, directories, json } = parseSubjects('hosts', words, raw, { directories: 'one' });
  const [directory] = directories ?? [];
  if (directory === undefined) {
    throw new UsageError(
      'hosts: a directory that all hosts share was expected, got none',
      'name one, for example --dir /mnt/shared',
    );
  }
  const ranks = raw.ranks === undefined ? null : list(raw.ranks);
  if (ranks?.length === 0) {
    throw new UsageError(
      `--ranks: a list of numbers was expected, got "${raw.ranks}"`,
      'for example --ranks 1,2,4',
    );
  }
  return {
    specs: withControls(parseStrategySpecs(named ?? USUAL)),
    directory: resolve(directory),
    ranks:
      ranks === null
        ? null
        : [...new Set(ranks.map((text) => parseCount('--ranks', text, 1, MOST_RANKS)))].sort((a, b) => a - b),
    policies: list(raw.wait ?? '').map(parsePolicy),
    conditions: {
      ...PLAIN,
      increments: LAP,
      number: parseNumberMode(raw.number ?? PLAIN.number),
      hold: parsePause('--hold', raw.hold),
      think: parsePause('--think', raw.think),
    },
    rounds: parseCount('--rounds', raw.rounds, 1, MOST_ROUNDS),
    handoffs: parseCount('--handoffs', raw.handoffs, 0, MOST_HANDOFFS),
    trace: raw.trace,
    limits: {
      atLeastNs: parseAmount('--min-round', raw.minRound),
      budgetNs: parseAmount('--budget', raw.budget),
      timeLimitNs: parseAmount('--time-limit', raw.timeLimit),
    },
    killHolder: raw.killHolder ?? false,
    cutHolder: parseCutter(raw.cutHolder),
    patienceNs: patienceOf(raw),
    seed: parseSeed(raw.seed),
    json,
    html: raw.html,
    record: parseRecordName(raw.record),
    dryRun: raw.dryRun ?? false,
    stayRoot: raw.stayRoot ?? false,
    quiet: raw.quiet ?? false,
    verbose: raw.verbose ?? false,
  };
}

/** The numbers of contending ranks, `available` being there. Throws UsageError. */
export function ranksToTake({ ranks }: Pick<HostsOptions, 'ranks'>, available: number): number[] {
  if (ranks === null) return [...new Set([1, available])];
  const most = ranks.at(-1) ?? 0;
  if (most <= available) return [...ranks];
  throw new UsageError(
    `--ranks: at most ${available} contending ranks were expected, got ${most}: rank 0 is the referee`,
    `start ${most + 1} ranks, with as many slots in the hostfile (mpirun -n ${most + 1})`,
  );
}
