/**
 * The options of `run`, from text to types. Every refusal says what was expected, what came and what to do.
 */
import { tmpdir } from 'node:os';
import { strategyNames } from '../../strategies/index.js';
import { parseDuration } from '../duration.js';
import { parsePercent } from '../percent.js';
import type { NumberMode, Pause } from '../run/job.js';
import type { Wish } from '../run/plan.js';
import { type Policy, parsePolicy } from '../run/policy.js';
import { existingDirectory, memoryDirectory } from '../run/preflight.js';
import { parseAskedFor } from '../run/wish.js';
import { UsageError } from '../usage-error.js';
import { type Crew, parseCrew, type RawCrew } from './crew-options.js';
import { list, parseAmount, parseCount, parseRecordName, parseSeed, requireStrategy } from './parse.js';

/** As commander hands them over. */
export interface RawRunOptions extends RawCrew {
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

export interface RunOptions extends Crew {
  /** null: the usual ones. */
  readonly wishes: readonly Wish[] | null;
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

/** Strategies as asked for, alone or with a policy. Throws UsageError. */
export function parseWishes(text: string): Wish[] {
  const wishes = list(text).flatMap((item): Wish[] => {
    if (item === 'all') return strategyNames.map((strategy) => ({ strategy, policy: null, named: false }));
    const { strategy, policy } = parseAskedFor(item);
    return [{ strategy: requireStrategy(strategy), policy, named: true }];
  });
  if (wishes.length === 0) {
    throw new UsageError(
      `--strategies: a list of names was expected, got "${text}"`,
      'for example --strategies fcntl,excl',
    );
  }
  return wishes;
}

function parsePause(option: string, text: string | undefined): Pause | null {
  if (text === undefined) return null;
  const sleep = text.startsWith('sleep:');
  const ns = parseDuration(sleep ? text.slice('sleep:'.length) : text, option);
  return ns === 0 ? null : { kind: sleep ? 'sleep' : 'spin', ns };
}

/** How the number file is opened. Throws UsageError. */
export function parseNumberMode(text: string): NumberMode {
  if (text === 'kept-open' || text === 'reopened') return text;
  throw new UsageError(
    `--number: "kept-open" or "reopened" was expected, got "${text}"`,
    'the default is kept-open',
  );
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

/** Memory, where the machine has some as a file system, and the disk behind the temporary directory. */
function defaultDirectories(): string[] {
  return [...new Set([memoryDirectory(), existingDirectory(tmpdir())])];
}

/** The directories that were named, or those that are measured by default. Throws UsageError. */
export function directoriesOf(named: readonly string[] | undefined): string[] {
  return named === undefined ? defaultDirectories() : [...new Set(named.map(existingDirectory))];
}

/** For commander: an option that may be repeated. */
export const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

export function parseRunOptions(raw: RawRunOptions): RunOptions {
  return {
    wishes: raw.strategies === undefined ? null : parseWishes(raw.strategies),
    policies: list(raw.wait ?? '').map(parsePolicy),
    ...parseCrew(raw),
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
