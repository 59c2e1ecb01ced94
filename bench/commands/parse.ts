/**
 * Texts of the command line that several commands read, to types. Every refusal says what was expected, what came and
 * what to do.
 */
import { strategyNames } from '../../strategies/index.js';
import { suggestion } from '../suggestion.js';
import { UsageError } from '../usage-error.js';

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

/** Throws UsageError, with the nearest name, if the catalogue has no such strategy. */
export function requireStrategy(name: string, option = '--strategies'): string {
  if (strategyNames.includes(name)) return name;
  const cure = suggestion(name, strategyNames) ?? 'see "lockbench list" for all of them';
  throw new UsageError(`${option}: a strategy of the catalogue was expected, got "${name}"`, cure);
}
