/**
 * What happened since the last look, a lane for each process: from two readings of the control block.
 */
import type { Reading, SeenTurn } from './block-reader.js';

export type Doing = 'inside' | 'waiting' | 'between';

export interface Lane {
  readonly name: string;
  /** What it does now; null where the round does not tell. */
  readonly doing: Doing | null;
  /** For how long, ns; null where the round does not tell. */
  readonly sinceNs: number | null;
  /** Of the time since the last look, what part it was inside; where no turn is stamped, its part of all turns. */
  readonly inside: number;
  /** What part it waited; 0 where no turn is stamped. */
  readonly waiting: number;
  readonly turnsPerSecond: number;
  readonly turns: number;
  readonly failedTries: number | null;
  readonly violations: number;
}

const overlap = (from: number, to: number, [start, end]: readonly [number, number]): number =>
  Math.max(0, Math.min(to, end) - Math.max(from, start));

/** What parts of a span it waited and was inside; of the last part of it, if no more turns are known. */
function partsOf(
  stamped: readonly SeenTurn[],
  sinceNs: number,
  nowNs: number,
): [waiting: number, inside: number] {
  const from = Math.max(sinceNs, stamped[0]?.askedNs ?? sinceNs);
  const span: [number, number] = [from, nowNs];
  const whole = nowNs - from;
  if (whole <= 0) return [0, 0];
  let waiting = 0;
  let inside = 0;
  for (const { askedNs, gotNs, leftNs } of stamped) {
    waiting += overlap(askedNs, gotNs ?? nowNs, span);
    if (gotNs !== null) inside += overlap(gotNs, leftNs ?? nowNs, span);
  }
  return [waiting / whole, inside / whole];
}

function doingOf(stamped: readonly SeenTurn[], nowNs: number): [Doing, number] {
  const last = stamped.at(-1);
  if (last === undefined) return ['between', 0];
  const { askedNs, gotNs, leftNs } = last;
  if (gotNs === null) return ['waiting', nowNs - askedNs];
  return leftNs === null ? ['inside', nowNs - gotNs] : ['between', nowNs - leftNs];
}

/** A reading, and when it was made, ns of CLOCK_MONOTONIC. */
export interface Look {
  readonly atNs: number;
  readonly readings: readonly Reading[];
  /** 1 + the index of the worker that the owner word names; 0 for none. */
  readonly owner: number;
}

/** Turns of each worker since an earlier look. */
const turnsSince = (earlier: Look, { readings }: Look): number[] =>
  readings.map(({ turns }, i) => turns - (earlier.readings[i]?.turns ?? 0));

/**
 * `names`: of the processes, by their index. `before`: the look before, at the same round; `earlier`: one at it from which on
 * turns are counted for a rate, since a lock that is held for long has few in a tenth of a second.
 */
export function lanesOf(names: readonly string[], earlier: Look, before: Look, look: Look): Lane[] {
  const seconds = (look.atNs - earlier.atNs) / 1e9;
  const counted = turnsSince(earlier, look);
  const done = turnsSince(before, look);
  const all = done.reduce((sum, turns) => sum + turns, 0);
  return look.readings.map((reading, i): Lane => {
    const { stamped, turns, failedTries, violations } = reading;
    const own = done[i] ?? 0;
    const common = {
      ...{ name: names[i] ?? '', turns, failedTries, violations },
      turnsPerSecond: seconds > 0 ? (counted[i] ?? 0) / seconds : 0,
    };
    if (stamped === null) {
      const doing = look.owner === i + 1 ? 'inside' : null;
      return { ...common, doing, sinceNs: null, inside: all === 0 ? 0 : own / all, waiting: 0 };
    }
    const [doing, sinceNs] = doingOf(stamped, look.atNs);
    const [waiting, inside] = partsOf(stamped, before.atNs, look.atNs);
    return { ...common, doing, sinceNs, inside, waiting };
  });
}

/** The turns of a worker, by when it came in, or by the number that it took. */
const keysOf = ({ stamped, numbers }: Reading): number[] =>
  numbers !== null ? [...numbers] : (stamped ?? []).flatMap(({ gotNs }) => gotNs ?? []);

/**
 * In what part of the latest turns the lock went to another process than the one that had it before; null if there were fewer
 * than two. Only as far back as the turns of all are known.
 */
export function ownerChanges(readings: readonly Reading[]): number | null {
  const keys = readings.map(keysOf);
  const from = Math.max(
    0,
    ...keys.flatMap((own, i) => (own.length < (readings[i]?.turns ?? 0) ? (own[0] ?? 0) : [])),
  );
  const order = keys
    .flatMap((own, i) => own.map((key) => ({ key, i })))
    .filter(({ key }) => key >= from)
    .sort((a, b) => a.key - b.key);
  if (order.length < 2) return null;
  const changes = order.filter(({ i }, at) => at > 0 && order[at - 1]?.i !== i).length;
  return changes / (order.length - 1);
}
