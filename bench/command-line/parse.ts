/**
 * Texts of the command line that several commands read, to types. Every refusal says what was expected, what came and
 * what to do.
 */
import { randomInt } from 'node:crypto';
import { allNames } from '../../strategies/index.js';
import { parseDuration } from '../base/duration.js';
import { suggestion } from '../base/suggestion.js';
import { UsageError } from '../base/usage-error.js';
import { quoted } from '../base/visible.js';
import type { Pause } from '../measure/result/result-schema.js';
import { isModuleWord } from '../outside/module-words.js';
import { registerModule } from '../outside/register-module.js';

const LARGEST_SEED = 2 ** 31 - 1;

/** The items of a list that is separated by commas. */
export const list = (text: string): string[] =>
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

/**
 * The name of a strategy: of the catalogue, or of the one that a module exports, which is made known then. Throws UsageError,
 * with the nearest name, if there is none.
 */
export function requireStrategy(name: string, option = '--strategies'): string {
  if (allNames.includes(name)) return name;
  if (isModuleWord(name)) return registerModule(name, option);
  const hint = suggestion(name, allNames) ?? 'see "lockbench list" for all of them';
  throw new UsageError(`${option}: a strategy of the catalogue was expected, got "${name}"`, hint);
}

/** Of the order of a run; a random one if none was named. Throws UsageError. */
export function parseSeed(text: string | undefined): number {
  return text === undefined ? randomInt(LARGEST_SEED) : parseCount('--seed', text, 0, LARGEST_SEED);
}

/** The name of a record: a folder below results/. Throws UsageError. */
export function parseRecordName(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (/^[A-Za-z0-9][\w.-]*$/.test(text)) return text;
  throw new UsageError(
    `--record: a name of letters, digits, "-", "_" and "." was expected, got ${quoted(text)}`,
    'it becomes a folder below results/',
  );
}

/** A duration of more than 0, in ns. Throws UsageError. */
export function parseAmount(option: string, text: string): number {
  const ns = parseDuration(text, option);
  if (ns > 0) return ns;
  throw new UsageError(`${option}: more than 0 was expected, got "${text}"`, `for example ${option} 20s`);
}

/** Time to spend: busy, or with "sleep:" before it asleep; null for none. Throws UsageError. */
export function parsePause(option: string, text: string | undefined): Pause | null {
  if (text === undefined) return null;
  const sleep = text.startsWith('sleep:');
  const ns = parseDuration(sleep ? text.slice('sleep:'.length) : text, option);
  return ns === 0 ? null : { kind: sleep ? 'sleep' : 'spin', ns };
}
