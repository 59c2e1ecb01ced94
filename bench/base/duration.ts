/**
 * Durations as people write them: a number and a unit, `10us`, `1.5ms`, `60s`. Inside, all are nanoseconds.
 */
import { UsageError } from './usage-error.js';

const NS_PER = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, min: 60e9 } as const;
type Unit = keyof typeof NS_PER;
const LONGEST_NS = 24 * 3600e9;

/** Reads a duration, to whole ns. `where` names the option or the policy in the error. Throws UsageError. */
export function parseDuration(text: string, where: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ns|us|ms|s|min)$/.exec(text) ?? [];
  const ns = number === undefined ? Number.NaN : Math.round(Number(number) * NS_PER[unit as Unit]);
  if (!(ns <= LONGEST_NS)) {
    throw new UsageError(
      `${where}: a duration of at most 24 hours was expected, got "${text}"`,
      'write a number and a unit (ns, us, ms, s, min): 10us, 1.5ms, 60s',
    );
  }
  return ns;
}

/** Writes a duration in the largest unit in which it is a whole number: `10us`, `1500us`. */
export function formatDuration(ns: number): string {
  const units: readonly Unit[] = ['s', 'ms', 'us'];
  const unit = ns === 0 ? 's' : (units.find((unit) => ns % NS_PER[unit] === 0) ?? 'ns');
  return `${ns / NS_PER[unit]}${unit}`;
}
