/**
 * The options of `run`, from text to types. Every refusal says what was expected, what came and what to do.
 */
import { randomInt } from 'node:crypto';
import { availableParallelism, tmpdir } from 'node:os';
import { strategyNames } from '../../strategies/index.js';
import { parseDuration } from '../duration.js';
import type { NumberMode, Pause } from '../run/job.js';
import type { Wish } from '../run/plan.js';
import { type Policy, parsePolicy } from '../run/policy.js';
import { existingDirectory, memoryDirectory } from '../run/preflight.js';
import { suggestion } from '../suggestion.js';
import { UsageError } from '../usage-error.js';

/** As commander hands them over. */
export interface RawRunOptions {
  readonly strategies?: string;
  readonly wait?: string;
  readonly processes?: string;
  readonly increments?: string;
  readonly rounds?: string;
  readonly dir?: readonly string[];
  readonly number?: string;
  readonly hold?: string;
  readonly think?: string;
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
  /** null: all synchronous strategies. */
  readonly wishes: readonly Wish[] | null;
  readonly policies: readonly Policy[];
  readonly processes: readonly number[];
  readonly increments: number;
  readonly rounds: number;
  readonly directories: readonly string[];
  readonly number: NumberMode;
  readonly hold: Pause | null;
  readonly think: Pause | null;
  /** null: as the number of rounds allows. */
  readonly minRoundNs: number | null;
  readonly budgetNs: number;
  /** null: as long as it takes. */
  readonly maxTimeNs: number | null;
  readonly timeLimitNs: number;
  readonly seed: number;
  readonly json: string | null;
  readonly record: string | null;
  readonly quiet: boolean;
  readonly stayRoot: boolean;
}

const MOST_PROCESSES = 1024;
const MOST_INCREMENTS = 10_000_000;
const MOST_ROUNDS = 1000;
const LARGEST_SEED = 2 ** 31 - 1;
const BUDGET_NS = 20e9;
const BUDGET_OF_DEFAULT_RUN_NS = 200e6;
const MAX_TIME_OF_DEFAULT_RUN_NS = 42e9;

const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** A whole number within bounds. Throws UsageError. */
export function parseCount(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(
    `${option}: a whole number from ${least} to ${most} was expected, got "${text}"`,
    `for example ${option} ${Math.max(least, Math.min(most, 4))}`,
  );
}

/** Throws UsageError, with the nearest name, if the catalogue has no such strategy. */
export function requireStrategy(name: string, option = '--strategies'): string {
  if (strategyNames.includes(name)) return name;
  const cure = suggestion(name, strategyNames) ?? 'see "lockbench list" for all of them';
  throw new UsageError(`${option}: a strategy of the catalogue was expected, got "${name}"`, cure);
}

function parseWishes(text: string): Wish[] {
  const wishes = list(text).flatMap((item): Wish[] => {
    if (item === 'all') return strategyNames.map((strategy) => ({ strategy, policy: null }));
    const [name = '', ...rest] = item.split('/');
    const policy = rest.length === 0 ? null : parsePolicy(rest.join('/'));
    return [{ strategy: requireStrategy(name), policy }];
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

function parseNumberMode(text: string): NumberMode {
  if (text === 'kept-open' || text === 'reopened') return text;
  throw new UsageError(
    `--number: "kept-open" or "reopened" was expected, got "${text}"`,
    'the default is kept-open',
  );
}

function parseSeed(text: string | undefined): number {
  return text === undefined ? randomInt(LARGEST_SEED) : parseCount('--seed', text, 0, LARGEST_SEED);
}

function parseRecordName(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (/^[A-Za-z0-9][\w.-]*$/.test(text)) return text;
  throw new UsageError(
    `--record: a name of letters, digits, "-", "_" and "." was expected, got ${JSON.stringify(text)}`,
    'it becomes a folder below results/',
  );
}

function parseAmount(option: string, text: string): number {
  const ns = parseDuration(text, option);
  if (ns > 0) return ns;
  throw new UsageError(`${option}: more than 0 was expected, got "${text}"`, `for example ${option} 20s`);
}

/** A run that was not told what to measure shall end in 45 s, on a slow disk too; one that was told does it all. */
function wasTold(raw: RawRunOptions): boolean {
  const { strategies, wait, processes, increments, rounds, dir, number, hold, think, minRound } = raw;
  return [strategies, wait, processes, increments, rounds, dir, number, hold, think, minRound].some(
    (option) => option !== undefined,
  );
}

function parseBudget(raw: RawRunOptions): number {
  if (raw.budget !== undefined) return parseAmount('--budget', raw.budget);
  return wasTold(raw) ? BUDGET_NS : BUDGET_OF_DEFAULT_RUN_NS;
}

function parseMaxTime(raw: RawRunOptions): number | null {
  if (raw.maxTime !== undefined) return parseAmount('--max-time', raw.maxTime);
  return wasTold(raw) ? null : MAX_TIME_OF_DEFAULT_RUN_NS;
}

/** Memory, if the machine has any as a file system, and the disk behind the temporary directory. */
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
  const processes =
    raw.processes === undefined
      ? [1, Math.max(2, availableParallelism())]
      : list(raw.processes).map((text) => parseCount('--processes', text, 1, MOST_PROCESSES));
  if (processes.length === 0) {
    throw new UsageError(
      `--processes: a list of numbers was expected, got "${raw.processes}"`,
      'for example --processes 1,4',
    );
  }
  return {
    wishes: raw.strategies === undefined ? null : parseWishes(raw.strategies),
    policies: list(raw.wait ?? '').map(parsePolicy),
    processes: [...new Set(processes)],
    increments: parseCount('--increments', raw.increments ?? '10000', 1, MOST_INCREMENTS),
    rounds: parseCount('--rounds', raw.rounds ?? '6', 1, MOST_ROUNDS),
    number: parseNumberMode(raw.number ?? 'kept-open'),
    hold: parsePause('--hold', raw.hold),
    think: parsePause('--think', raw.think),
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
