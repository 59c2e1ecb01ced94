/**
 * What a reader shall take from a run, in two or three sentences: which lock to use, what the others cost, and what to know
 * before trusting it. A lock that stays locked when its holder dies is never the one to use, however fast.
 */
import { digits, percent, tellsBounds } from '../../base/format.js';
import { cellName, isMeasured, timingRounds } from '../../measure/result/result.js';
import type { MeasuredCell } from '../../measure/result/result-schema.js';
import { areTold, ties } from '../../measure/verdict/ranking.js';
import { list } from '../../text/words.js';
import { type RunView, shortConditions } from './run-view.js';
import { exclusionWord } from './verdicts.js';

/** Fewer changes of owner than this in a hundred turns: the processes hardly met. */
const HARDLY_CONTENDED = 0.05;
const MOST_NAMED = 4;
/** Without bounds, a ratio from here on is told. */
const TELLING = 1.5;

const isSafe = (cell: MeasuredCell, { lock }: RunView): boolean => {
  const { death } = lock(cell);
  return death !== null && death.outcome !== 'stuck' && !death.byLease;
};

/** The safe locks that excluded, the cheapest first. */
const fitOf = (view: RunView): MeasuredCell[] =>
  view.primary.ranked.filter(
    (cell) => ['yes', 'alone'].includes(exclusionWord(cell).text) && isSafe(cell, view),
  );

/** The cheapest of them, and those that cannot be told from it; none where the rounds give no order. */
export function recommended(view: RunView): MeasuredCell[] {
  const fit = fitOf(view);
  return areTold(fit) ? (ties(fit)[0] ?? []) : [];
}

/** "a, b, c and 5 more". */
function someOf(names: readonly string[], last: 'and' | 'or'): string {
  if (names.length <= MOST_NAMED)
    return names.length === 1 ? `${names[0]}` : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`;
  return `${names.slice(0, MOST_NAMED).join(', ')} ${last} ${names.length - MOST_NAMED} more`;
}

function adviceOf(view: RunView): string {
  const fit = fitOf(view);
  if (fit.length === 0)
    return 'No lock that was measured here excludes, and is released when its holder dies.';
  const best = recommended(view);
  if (best.length > 0) return `Use ${someOf(best.map(cellName), 'or')}.`;
  return `Safe here: ${someOf(fit.map(cellName), 'and')}. Fewer than three rounds give no order.`;
}

/** Over NFS a lock may exclude, and the number still be wrong. */
function staleOf({ primary }: RunView): string | null {
  const stale = primary.cells.filter((cell) => isMeasured(cell) && exclusionWord(cell).tone === 'warn');
  if (stale.length === 0) return null;
  return `${stale.length} locks excluded, and lost updates all the same: a cache of the client showed an old number.`;
}

/** The lock file of the textbook, or whatever costs most. */
function costOf(view: RunView): string | null {
  const { ranked } = view.primary;
  const compared = ranked.filter((cell) => cell.ratio !== null && cellName(cell) !== cell.ratio.to);
  const told = compared.find(({ strategy }) => strategy === 'excl') ?? compared.at(-1);
  if (told?.ratio == null) return null;
  const { to, median, low, high } = told.ratio;
  // What may be 1 is no finding, nor is a little more that was seen once.
  if (tellsBounds(told.ratio) ? low <= 1 && high >= 1 : median < TELLING) return null;
  const range = tellsBounds(told.ratio) ? ` (${digits(low)} to ${digits(high)})` : '';
  const stuck = view.lock(told).death?.outcome === 'stuck' ? ', and stays locked when its holder dies' : '';
  return `${cellName(told)} costs ${digits(median)} times as much as ${to}${range}${stuck}.`;
}

/** Why the fastest is not the one to use. */
function fastestOf(view: RunView): string | null {
  const { ranked } = view.primary;
  const [first] = ranked;
  const [best] = recommended(view);
  if (first === undefined || best === undefined || first === best || !areTold(ranked)) return null;
  const { death } = view.lock(first);
  if (ties([first, best]).length < 2 || death?.outcome !== 'stuck') return null;
  return `${cellName(first)} is faster, but stays locked when its holder dies.`;
}

function controlsOf(view: RunView): string | null {
  const caught = view.primary.cells.filter(isMeasured).filter((cell) => view.controls.has(cell.strategy));
  const failed = caught.filter((cell) => exclusionWord(cell).tone === 'bad');
  if (caught.length === 0 || view.primary.conditions.processes < 2) return null;
  return failed.length === caught.length
    ? `The checks work: ${list(failed.map(cellName))} ${failed.length === 1 ? 'was' : 'were'} caught.`
    : 'INCONCLUSIVE: a control that must fail passed.';
}

export interface Finding {
  readonly headline: string;
  readonly more: readonly string[];
}

export function findingOf(view: RunView): Finding {
  const [where, who] = shortConditions(view.primary.conditions);
  const best = recommended(view)[0];
  const rare = best === undefined ? null : ownerChanges(best);
  const hardly =
    rare !== null && rare < HARDLY_CONTENDED
      ? `Hardly contended: ${cellName(best as MeasuredCell)} changed hands in ${percent(rare)} of the operations.`
      : null;
  return {
    headline: adviceOf(view),
    more: [
      ...[costOf(view), fastestOf(view), staleOf(view), controlsOf(view), hardly].flatMap(
        (line) => line ?? [],
      ),
      `In ${where}, ${who}.`,
    ],
  };
}

/** Turns after which another process had the lock, as a share; null with one process, and where numbers were lost. */
export function ownerChanges(cell: MeasuredCell): number | null {
  const { contention, conditions } = cell;
  if (contention === null || conditions.processes - conditions.readers < 2) return null;
  const turns = timingRounds(cell).reduce((sum, round) => sum + round.turns, 0);
  return contention.ownerChanges / turns;
}
