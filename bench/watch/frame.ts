/**
 * One picture of a contention: what contends, a lane a process, and how the lock goes around.
 */
import type { ChalkInstance } from 'chalk';
import { duration, percent, plural } from '../base/format.js';
import { shortened } from '../text/words.js';
import type { Doing, Lane } from './lanes.js';

/** A tenth of a second of one lane. */
export type Column = Pick<Lane, 'inside' | 'waiting'>;

export interface Picture {
  /** "fcntl/block, 3 processes in /tmp" */
  readonly title: string;
  /** How a round is looked at, and whose it is. */
  readonly context: string;
  readonly lanes: readonly Lane[];
  /** Of each lane, the latest last. */
  readonly history: readonly (readonly Column[])[];
  /** See `ownerChanges`. */
  readonly changes: number | null;
  /** Whether turns are stamped: then a column is time, else it is a part of all turns. */
  readonly isTimed: boolean;
  /** Whether a round is running: between two, the last picture stays. */
  readonly isRunning: boolean;
}

const EIGHTHS = '▁▂▃▄▅▆▇█';
const WAITS = '·';
/** Less than half of the lowest bar. */
const LEAST_INSIDE = 1 / 16;
const MOSTLY = 0.5;
const LEAST_COLUMNS = 10;

export function glyph({ inside, waiting }: Column): string {
  if (inside >= LEAST_INSIDE) {
    const eighths = Math.min(EIGHTHS.length, Math.max(1, Math.round(inside * EIGHTHS.length)));
    return EIGHTHS[eighths - 1] ?? '';
  }
  return waiting >= MOSTLY ? WAITS : ' ';
}

const WORDS: Readonly<Record<Doing, string>> = { inside: 'HOLDS', waiting: 'waits', between: 'pauses' };
/** Shorter states change faster than a picture does: their length tells nothing. */
const LEAST_TOLD_NS = 10e6;

function stateOf({ doing, sinceNs }: Lane): string {
  if (doing === null) return '';
  const told = sinceNs !== null && sinceNs >= LEAST_TOLD_NS;
  return `${WORDS[doing]}${told ? ` ${duration(sinceNs)}` : ''}`;
}

const THOUSAND = 1_000;
const UNITS = ['', 'k', 'M', 'G', 'T'];

/** "4.2", "310", "12.4k", "1.20M" */
export function amount(n: number): string {
  if (n < 10) return Number.isInteger(n) ? String(n) : n.toFixed(1);
  let unit = 0;
  let value = n;
  // As it will be shown: 999.7 is 1.00k.
  while (value >= THOUSAND - 0.5 && unit < UNITS.length - 1) {
    value /= THOUSAND;
    unit++;
  }
  return unit === 0 ? value.toFixed(0) : `${value.toPrecision(3)}${UNITS[unit]}`;
}

const STATE_WIDTH = 'waits 1000 ms'.length;
const RATE_WIDTH = '12.4k/s'.length;
const FAILED_WIDTH = 'failed'.length;
/** Between two columns of text. */
const GAP = 2;

function row(
  lane: Lane,
  columns: readonly Column[],
  room: number,
  nameWidth: number,
  chalk: ChalkInstance,
): string {
  const bars = columns.slice(-room).map(glyph).join('').padStart(room);
  const state = stateOf(lane).padEnd(STATE_WIDTH);
  const figures = [
    `${amount(lane.turnsPerSecond)}/s`.padStart(RATE_WIDTH),
    (lane.failedTries === null ? '-' : amount(lane.failedTries)).padStart(FAILED_WIDTH),
  ].join(' '.repeat(GAP));
  const isIn = lane.doing === 'inside';
  return [
    (isIn ? chalk.bold : chalk)(lane.name.padEnd(nameWidth)),
    chalk.cyan(bars),
    isIn ? chalk.bold(state) : chalk.dim(state),
    figures,
  ].join(' '.repeat(GAP));
}

function head(room: number, nameWidth: number, isTimed: boolean): string {
  const what = isTimed ? '█ in  · waits  a column is 0.1 s' : 'share of the turns  a column is 0.1 s';
  return [
    ''.padEnd(nameWidth),
    shortened(what, room).padStart(room),
    'now'.padEnd(STATE_WIDTH),
    'turns'.padStart(RATE_WIDTH),
    'failed'.padStart(FAILED_WIDTH),
  ].join(' '.repeat(GAP));
}

/** "changes hands in 34% of turns" and what is wrong. */
function summary({ lanes, changes, isRunning }: Picture, chalk: ChalkInstance): string {
  if (!isRunning) return 'between two rounds';
  const rate = lanes.reduce((sum, lane) => sum + lane.turnsPerSecond, 0);
  const hands =
    changes === null
      ? ''
      : changes === 0
        ? ', one process keeps the lock'
        : `, the lock changes hands in ${percent(changes)} of them`;
  const waiting = lanes.filter(({ doing }) => doing === 'waiting').length;
  const waits = waiting === 0 ? '' : `; ${waiting} ${waiting === 1 ? 'waits' : 'wait'}`;
  const text = `${amount(rate)} turns/s${hands}${waits}`;
  const violations = lanes.reduce((sum, lane) => sum + lane.violations, 0);
  return violations === 0
    ? text
    : `${text}. ${chalk.red.bold(`NOT EXCLUSIVE: ${plural(violations, 'time')} two were inside`)}`;
}

const LINES_AROUND = 4;

/** Lines of at most `width` characters, and at most `height` of them. */
export function frame(picture: Picture, width: number, height: number, chalk: ChalkInstance): string[] {
  const { lanes, history, title, context, isTimed } = picture;
  const nameWidth = Math.max(1, ...lanes.map(({ name }) => name.length));
  const room = Math.max(LEAST_COLUMNS, width - nameWidth - STATE_WIDTH - RATE_WIDTH - FAILED_WIDTH - 4 * GAP);
  const fitting = Math.max(1, height - LINES_AROUND);
  // One line says that there are more.
  const shown = lanes.length <= fitting ? lanes : lanes.slice(0, fitting - 1);
  const hidden = lanes.length - shown.length;
  return [
    `${chalk.bold(shortened(title, width))}${chalk.dim(shortened(`  ${context}`, Math.max(0, width - title.length)))}`,
    chalk.dim(head(room, nameWidth, isTimed)),
    ...shown.map((lane, i) => row(lane, history[i] ?? [], room, nameWidth, chalk)),
    ...(hidden === 0 ? [] : [chalk.dim(`and ${hidden} more`)]),
    summary(picture, chalk),
  ];
}

/** The same in one line, for what is no terminal. */
export function line({ title, lanes, ...picture }: Picture, chalk: ChalkInstance): string {
  const inside = lanes.filter(({ doing }) => doing === 'inside').map(({ name }) => name);
  const who = inside.length === 0 ? '' : `; in: ${inside.join(', ')}`;
  return `${title}: ${summary({ title, lanes, ...picture }, chalk)}${who}`;
}
