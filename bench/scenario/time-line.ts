/**
 * A scenario as a picture in characters: a row for each process, time to the right. Plain ASCII, 78 columns at most.
 */

import { digits } from '../base/format.js';
import type { Step, What } from './steps-schema.js';

const WIDTH = 78;
const GAP = 2;
const LEAST_TICK_COLUMNS = 9;
const NS_PER_MS = 1e6;

/** How a state, or a moment, is drawn, and what the legend calls it. */
export interface Sign {
  readonly sign: string;
  readonly meaning: string;
}

export const WAITS: Sign = { sign: '.', meaning: 'waits' };
export const HOLDS: Sign = { sign: '#', meaning: 'holds the lock' };
const READS: Sign = { sign: 'r', meaning: 'reads' };
export const WRITES: Sign = { sign: 'W', meaning: 'writes' };
const STOPPED: Sign = { sign: '=', meaning: 'stopped, holding it' };
const DOWN: Sign = { sign: '/', meaning: 'out of service' };
const DIES: Sign = { sign: 'X', meaning: 'dies' };
const STRUCK: Sign = { sign: '!', meaning: 'the event' };
const FAILS: Sign = { sign: 'E', meaning: 'a call fails' };
/** In the order of the legend. */
const SIGNS: readonly Sign[] = [WAITS, READS, WRITES, HOLDS, STOPPED, DOWN, STRUCK, DIES, FAILS];

interface Span {
  readonly sign: string;
  readonly fromNs: number;
  readonly toNs: number;
}

export interface Row {
  readonly name: string;
  readonly spans: readonly Span[];
}

/** Steps that are moments of their own. */
const MOMENTS: Partial<Record<What, Sign>> = {
  killed: DIES,
  threw: DIES,
  exited: DIES,
  returned: DIES,
  touches: STRUCK,
  'removed-names': STRUCK,
  failed: FAILS,
};

/** Steps after which a process is in no state that is drawn. */
const ENDS: readonly What[] = [
  ...(['leaves', 'killed', 'threw', 'exited', 'returned', 'failed'] as const),
  ...(['healed', 'booted', 'server-started'] as const),
];
const OUTAGES: readonly What[] = ['cut', 'halted', 'server-stopped'];

/** What state a step begins; null if it ends one, undefined if it changes none. */
function begun({ what, shared }: Step, exclusive: Sign): Sign | null | undefined {
  if (what === 'asked') return WAITS;
  if (what === 'got-in') return shared === true ? READS : exclusive;
  if (what === 'stopped') return STOPPED;
  if (what === 'continued') return exclusive;
  if (OUTAGES.includes(what)) return DOWN;
  return ENDS.includes(what) ? null : undefined;
}

/**
 * A row for each participant, in the order of their first steps, from steps in the order of time; what goes on at the last step
 * is drawn until then. `exclusive`: how to draw who is in alone.
 */
export function rowsOf(steps: readonly Step[], exclusive: Sign): Row[] {
  const endNs = steps.at(-1)?.atNs ?? 0;
  const names = [...new Set(steps.map(({ participant }) => participant))];
  const rows = names.map((name) => {
    const own = steps.filter(({ participant }) => participant === name);
    const changes = own.flatMap((step) => {
      const state = begun(step, exclusive);
      return state === undefined ? [] : [{ state, atNs: step.atNs }];
    });
    const states = changes.flatMap(({ state, atNs }, i) =>
      state === null ? [] : [{ ...state, fromNs: atNs, toNs: changes[i + 1]?.atNs ?? endNs }],
    );
    const moments = own.flatMap(({ what, atNs }) => {
      const sign = MOMENTS[what];
      return sign === undefined ? [] : [{ ...sign, fromNs: atNs, toNs: atNs }];
    });
    return { name, spans: [...states, ...moments] };
  });
  return rows.filter(({ spans }) => spans.length > 0);
}

/** The distance of ticks, in ns: the least of 1, 2, 5, 10, 20, … that leaves room for a figure. */
function tickNs(rangeNs: number, columns: number): number {
  const least = (rangeNs * LEAST_TICK_COLUMNS) / columns;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10) * power;
}

/** A line of blanks into which signs are put; a later one covers an earlier one. */
class Line {
  readonly #signs: string[];
  constructor(private readonly columns: number) {
    this.#signs = new Array<string>(columns).fill(' ');
  }
  put(from: number, to: number, sign: string): void {
    // What is too short to be seen is one sign long, and what is at the very end is seen, too.
    const first = Math.min(from, this.columns - 1);
    for (let i = first; i < Math.max(to, first + 1); i++) this.#signs[i] = sign;
  }
  write(from: number, text: string): void {
    [...text].forEach((sign, i) => {
      if (from + i < this.columns) this.#signs[from + i] = sign;
    });
  }
  toString(): string {
    return this.#signs.join('');
  }
}

/** The picture, line by line: a scale in ms, the rows, a legend of the signs that occur. Time begins with the first span. */
export function timeLine(rows: readonly Row[]): string[] {
  const spans = rows.flatMap((row) => row.spans);
  if (spans.length === 0) return [];
  const fromNs = Math.min(...spans.map((span) => span.fromNs));
  const rangeNs = Math.max(1, Math.max(...spans.map((span) => span.toNs)) - fromNs);
  const nameWidth = Math.max(...rows.map(({ name }) => name.length)) + GAP;
  const columns = WIDTH - nameWidth;
  const column = (ns: number): number => Math.floor(((ns - fromNs) / rangeNs) * columns);

  const scale = new Line(columns);
  const tick = tickNs(rangeNs, columns);
  for (let ns = 0; ns <= rangeNs; ns += tick) {
    const label = `|${digits(ns / NS_PER_MS)}${ns === 0 ? ' ms' : ''}`;
    const at = column(fromNs + ns);
    // A figure that would be cut off would be read as another.
    if (at + label.length <= columns) scale.write(at, label);
  }
  const legend = SIGNS.filter(({ sign }) => spans.some((span) => span.sign === sign));
  return [
    `${' '.repeat(nameWidth)}${scale}`,
    ...rows.map((row) => {
      const line = new Line(columns);
      for (const span of row.spans) line.put(column(span.fromNs), column(span.toNs), span.sign);
      return `${row.name.padEnd(nameWidth)}${line}`;
    }),
    `${' '.repeat(nameWidth)}${legend.map(({ sign, meaning }) => `${sign} ${meaning}`).join('   ')}`,
  ].map((line) => line.trimEnd());
}
