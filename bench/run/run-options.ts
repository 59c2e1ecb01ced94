import { parseDuration } from '../base/duration.js';
import { parsePercent } from '../base/percent.js';
import { directoriesOf } from '../command-line/directories.js';
import { list, parseAmount, parseCount, parseRecordName, parseSeed } from '../command-line/parse.js';
import { parseNumberMode, parseStrategyList } from '../command-line/strategy-list.js';
import type { Limits, Sampling, SharedConditions } from '../measure/parent/request.js';
import { PLAIN } from '../measure/parent/request.js';
import type { Pause } from '../measure/result/result-schema.js';
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

export interface RunOptions {
  /** null: the usual ones. */
  readonly specs: readonly StrategySpec[] | null;
  readonly policies: readonly Policy[];
  readonly processes: readonly number[];
  readonly conditions: SharedConditions;
  readonly limits: Limits<null>;
  readonly sampling: Sampling;
  /** Whether to print the latencies too. */
  readonly latency: boolean;
  /** Where the owner log goes, or null. */
  readonly traceFile: string | null;
  readonly directories: readonly string[];
  /** Whether all that lock run on this host, though the directory may be shared with others. */
  readonly oneHost: boolean;
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

function parseConditions(raw: RawRunOptions, mix: Omit<ProcessMix, 'processes'>): SharedConditions {
  const increments = raw.increments ?? String(PLAIN.increments);
  return {
    ...mix,
    increments: parseCount('--increments', increments, 1, MOST_INCREMENTS),
    number: parseNumberMode(raw.number ?? PLAIN.number),
    hold: parsePause('--hold', raw.hold),
    think: parsePause('--think', raw.think),
  };
}

const parseLimits = (raw: RawRunOptions): Limits<null> => ({
  atLeastNs: raw.minRound === undefined ? null : parseDuration(raw.minRound, '--min-round'),
  budgetNs: parseBudget(raw),
  maxTimeNs: parseMaxTime(raw),
  timeLimitNs: parseAmount('--time-limit', raw.timeLimit),
});

const parseSampling = (raw: RawRunOptions): Sampling => ({
  blocks: parseCount('--rounds', raw.rounds ?? '6', 1, MOST_ROUNDS),
  untilShare: raw.until === undefined ? null : parsePercent(raw.until, '--until'),
  handoffs: parseCount('--handoffs', raw.handoffs ?? '2000', 0, MOST_HANDOFFS),
  proofs: 1,
  trace: raw.trace !== false,
  seed: parseSeed(raw.seed),
});

export function parseRunOptions(raw: RawRunOptions): RunOptions {
  const specs = raw.strategies === undefined ? null : parseStrategyList(raw.strategies);
  const policies = list(raw.wait ?? '').map(parsePolicy);
  const { processes, ...mix } = parseProcessMix(raw);
  return {
    specs,
    policies,
    processes,
    conditions: parseConditions(raw, mix),
    limits: parseLimits(raw),
    sampling: parseSampling(raw),
    latency: raw.latency ?? false,
    traceFile: raw.trace === undefined || raw.trace === false ? null : raw.trace,
    oneHost: raw.oneHost ?? false,
    json: raw.json ?? null,
    record: parseRecordName(raw.record),
    quiet: raw.quiet ?? false,
    stayRoot: raw.stayRoot ?? false,
    directories: directoriesOf(raw.dir),
  };
}
