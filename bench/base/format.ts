/**
 * Figures for people: three digits that count, and a unit in which they are readable.
 */
const UNITS = [
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
  ['ns', 1],
] as const;

/** Three significant digits, two below 1, never in exponential form: 0.91, 12.4, 1940. */
export function digits(value: number): string {
  if (value === 0) return '0';
  // Rounded first: 9.996 has two digits before the point once it is shown.
  const rounded = Number(value.toPrecision(3));
  const exponent = Math.floor(Math.log10(Math.abs(rounded)));
  return rounded.toFixed(Math.max(0, exponent < 0 ? 1 - exponent : 2 - exponent));
}

function unitOf(ns: number): readonly [string, number] {
  // As it will be shown: 999.7 ns is 1.00 µs.
  const rounded = Number(ns.toPrecision(3));
  return UNITS.find(([, size]) => rounded >= size) ?? ['ns', 1];
}

/** 2980 becomes "2.98 µs". */
export function duration(ns: number): string {
  const [unit, size] = unitOf(ns);
  return `${digits(ns / size)} ${unit}`;
}

/** Two bounds in the unit of the median, which stands beside them: "2.91–3.20". */
export function bounds(low: number, high: number, median: number): string {
  const [, size] = unitOf(median);
  return `${digits(low / size)}–${digits(high / size)}`;
}

/** A median and the bounds of its interval or range, which cover the true median with this probability. */
export interface Bounded {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly coverage: number;
}

/** That of the range of three samples. */
const LEAST_COVERAGE = 0.75;

/** Whether the bounds say anything: those of one or two samples do not. */
export const tellsBounds = ({ coverage }: Pick<Bounded, 'coverage'>): boolean => coverage >= LEAST_COVERAGE;

/** "2.98 µs (2.91–3.20)"; what was measured once or twice has no bounds. */
export const withBounds = (of: Bounded): string =>
  tellsBounds(of) ? `${duration(of.median)} (${bounds(of.low, of.high, of.median)})` : duration(of.median);

/** The same for a ratio: "13.4 (12.1–15.0)". */
export const factorWithBounds = (of: Bounded): string =>
  tellsBounds(of) ? `${digits(of.median)} (${digits(of.low)}–${digits(of.high)})` : digits(of.median);

/** A share as per cent: "0", "< 0.1%", "51.2%". */
export function percent(share: number): string {
  if (share === 0) return '0';
  const value = share * 100;
  if (value < 0.1) return '< 0.1%';
  return `${value < 99.95 ? value.toFixed(1) : value.toFixed(0)}%`;
}

/** "1 process", "4 processes"; "1 round", "6 rounds". */
export const plural = (n: number, one: string): string =>
  n === 1 ? `1 ${one}` : `${n} ${one}${one.endsWith('s') ? 'es' : 's'}`;

/** "0.81 ms to 1.63 ms": the shortest and the longest of some times in ns, which may be one. */
export function durationRange(ns: readonly number[]): string {
  const [least, most] = [duration(Math.min(...ns)), duration(Math.max(...ns))];
  return least === most ? least : `${least} to ${most}`;
}
