/**
 * Marks on the axes of a page.
 */

const UNITS = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
] as const;

/** "1 µs", "200 µs", "0.5 ns": as short as a mark on an axis is. */
export function tickDuration(ns: number): string {
  const [size, unit] = UNITS.find(([size]) => ns >= size) ?? [1, 'ns'];
  return `${Number((ns / size).toPrecision(3))} ${unit}`;
}

const STEPS = [1, 2, 5];
/** Fewer marks than this tell no scale. */
const LEAST = 3;

/** Marks within a range on an axis of powers of ten: the powers themselves, every second of many, or 1, 2, 5 of few. */
export function logTicks([from, to]: readonly [number, number], most = 8): number[] {
  const [first, last] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))];
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const isWithin = (value: number): boolean => value >= from * 0.999 && value <= to * 1.001;
  const tens = powers.map((power) => 10 ** power).filter(isWithin);
  if (tens.length >= LEAST) return tens.filter((_, i) => i % Math.ceil(tens.length / most) === 0);
  const finer = powers.flatMap((power) => STEPS.map((step) => step * 10 ** power)).filter(isWithin);
  return finer.length <= most ? finer : tens;
}

/** The extent of positive values with some room on each side, on an axis of powers of ten. */
export function roomy(values: readonly number[], room = 1.25): [number, number] {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return [1, 10];
  return [Math.min(...positive) / room, Math.max(...positive) * room];
}
