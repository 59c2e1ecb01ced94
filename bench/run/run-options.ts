import { parseDuration } from '../base/duration.js';
import { parsePercent } from '../base/percent.js';
import { directoriesOf } from '../command-line/directories.js';
import { list, parseAmount, parseCount, parseRecordName, parseSeed } from '../command-line/parse.js';
import { parseNumberMode, parseStrategyList } from '../command-line/strategy-list.js';
import type { NumberMode, Pause } from '../measure/worker/job.js';
import { type Policy, parsePolicy } from '../measure/worker/policy.js';
import type { StrategySpec } from '../measure/worker/strategy-spec.js';
import { type ProcessMix, parseProcessMix, type RawProcessMix } from './process-mix.js';

/** As commander hands them over. */
export interface RawRunOptions extends RawProcessMix {
  readonly strategies?: string;
  readonly wait?: string;
  readonly increments?: string;
  readonly rounds?: string;
  readonly until?: string;
  readonly handoffs?: string;
  /** A file, or false for --no-trace. */
  readonly trace?: string | false;
  readonly latency?: boolean;
  readonly dir?: readonly string[];
  readonly number?: string;
  readonly hold?: string;
  readonly think?: string;
  readonly oneHost?: boolean;
  readonly minRound?: string;
  readonly budget?: string;
  readonly maxTime?: string;
  readonly timeLimit: string;
  readonly seed?: string;
  readonly json?: string;
  readonly record?: string;
  readonly quiet?: boolean;
  readonly stayRoot?: boolean;
}

export interface RunOptions extends ProcessMix {
  /** null: the usual ones. */
  readonly specs: readonly StrategySpec[] | null;
  readonly policies: readonly Policy[];
  readonly increments: number;
  readonly rounds: number;
  /** Blocks are added until no bound lies further from its median than this share; null for no more than `rounds`. */
  readonly untilShare: number | null;
  readonly handoffs: number;
  readonly trace: boolean;
  /** Whether to print the latencies too. */
  readonly latency: boolean;
  /** Where the owner log goes, or null. */
  readonly traceFile: string | null;
  readonly directories: readonly string[];
  readonly number: NumberMode;
  readonly hold: Pause | null;
  readonly think: Pause | null;
  /** Whether all that lock run on this host, though the directory may be shared with others. */
  readonly oneHost: boolean;
  /** null: as the number of rounds allows. */
  readonly minRoundNs: number | null;
  /** null: as the number of rounds allows. */
  readonly budgetNs: number | null;
  /** null: as long as it takes. */
  readonly maxTimeNs: number | null;
  readonly timeLimitNs: number;
  readonly seed: number;
  readonly json: string | null;
  readonly record: string | null;
  readonly quiet: boolean;
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

function parsePause(option: string, text: string | undefined): Pause | null {
  if (text === undefined) return null;
  const sleep = text.startsWith('sleep:');
  const ns = parseDuration(sleep ? text.slice('sleep:'.length) : text, option);
  return ns === 0 ? null : { kind: sleep ? 'sleep' : 'spin', ns };
}

/** These change what becomes of a result, or how a run is ended, and not what is measured. */
const TELLS_NOTHING: readonly (keyof RawRunOptions)[] = [
  ...(['budget', 'maxTime', 'timeLimit', 'seed', 'json', 'record', 'quiet', 'stayRoot', 'trace'] as const),
  ...(['pin', 'handoffs', 'until', 'latency'] as const),
];

/** A run that was not told what to measure shall end in 45 s, on a slow disk too; one that was told does it all. */
const wasTold = (raw: RawRunOptions): boolean =>
  (Object.keys(raw) as (keyof RawRunOptions)[]).some((option) => !TELLS_NOTHING.includes(option));

/** Who says how many turns there shall be gets them; of turns that nobody asked for, slow locks may do fewer. */
function parseBudget(raw: RawRunOptions): number | null {
  if (raw.budget !== undefined) return parseAmount('--budget', raw.budget);
  if (!wasTold(raw)) return BUDGET_OF_DEFAULT_RUN_NS;
  return raw.increments === undefined ? null : BUDGET_OF_ASKED_TURNS_NS;
}

function parseMaxTime(raw: RawRunOptions): number | null {
  if (raw.maxTime !== undefined) return parseAmount('--max-time', raw.maxTime);
  if (raw.until !== undefined) return MAX_TIME_UNTIL_NS;
  return wasTold(raw) ? null : MAX_TIME_OF_DEFAULT_RUN_NS;
}

export function parseRunOptions(raw: RawRunOptions): RunOptions {
  return {
    specs: raw.strategies === undefined ? null : parseStrategyList(raw.strategies),
    policies: list(raw.wait ?? '').map(parsePolicy),
    ...parseProcessMix(raw),
    increments: parseCount('--increments', raw.increments ?? '10000', 1, MOST_INCREMENTS),
    rounds: parseCount('--rounds', raw.rounds ?? '6', 1, MOST_ROUNDS),
    untilShare: raw.until === undefined ? null : parsePercent(raw.until, '--until'),
    handoffs: parseCount('--handoffs', raw.handoffs ?? '2000', 0, MOST_HANDOFFS),
    trace: raw.trace !== false,
    latency: raw.latency ?? false,
    traceFile: raw.trace === undefined || raw.trace === false ? null : raw.trace,
    number: parseNumberMode(raw.number ?? 'kept-open'),
    hold: parsePause('--hold', raw.hold),
    think: parsePause('--think', raw.think),
    oneHost: raw.oneHost ?? false,
    minRoundNs: raw.minRound === undefined ? null : parseDuration(raw.minRound, '--min-round'),
    budgetNs: parseBudget(raw),
    maxTimeNs: parseMaxTime(raw),
    timeLimitNs: parseAmount('--time-limit', raw.timeLimit),
    seed: parseSeed(raw.seed),
    json: raw.json ?? null,
    record: parseRecordName(raw.record),
    quiet: raw.quiet ?? false,
    stayRoot: raw.stayRoot ?? false,
    directories: directoriesOf(raw.dir),
  };
}
