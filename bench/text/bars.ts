/**
 * Horizontal bars on a logarithmic axis, of characters: durations that differ by a factor of a thousand fit side by side.
 */
import { duration } from '../base/format.js';

const FULL = '█';
const HALF = '▌';

export interface LogAxis {
  /** ns; a power of ten, at or below the smallest value. */
  readonly from: number;
  readonly to: number;
  /** Characters. */
  readonly width: number;
}

/** An axis for these durations, all above 0, at least one; at least a decade long. */
export function logAxis(ns: readonly number[], width: number): LogAxis {
  const from = 10 ** Math.floor(Math.log10(Math.min(...ns)));
  return { from, to: Math.max(...ns, from * 10), width };
}

const share = (ns: number, { from, to }: LogAxis): number => Math.log(ns / from) / Math.log(to / from);

/** From the axis to the value, in half characters, at least one: what was measured can be seen. */
export function bar(ns: number, axis: LogAxis): string {
  const halves = Math.min(2 * axis.width, Math.max(1, Math.round(2 * axis.width * share(ns, axis))));
  return FULL.repeat(Math.floor(halves / 2)) + HALF.repeat(halves % 2);
}

/** "1 µs": a power of ten, without the zeros of a figure. */
const label = (ns: number): string => duration(ns).replace(/\.0+ /, ' ');

/** The powers of ten, each where its bar would end, as far as there is room for them. */
export function axisLine(axis: LogAxis): string {
  let line = '';
  for (let ns = axis.from; ns <= axis.to; ns *= 10) {
    const at = Math.round(axis.width * share(ns, axis));
    const text = label(ns);
    const fits = at + text.length <= axis.width && (line === '' || at > line.length);
    if (fits) line = line.padEnd(at) + text;
  }
  return line;
}
