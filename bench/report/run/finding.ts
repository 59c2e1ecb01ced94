/**
 * What a reader shall take from a run: the sentences that the terminal begins with, and what to know before trusting them.
 */
import { percent } from '../../base/format.js';
import { isMeasured, timingRounds } from '../../measure/result/result.js';
import type { MeasuredCell } from '../../measure/result/result-schema.js';
import { nfsVerdict } from '../../measure/verdict/nfs-verdict.js';
import { headline } from '../../run/summary/headline.js';
import { notes } from '../../run/summary/notes.js';
import { list } from '../../text/words.js';
import type { RunView } from './run-view.js';
import { exclusionWord } from './verdicts.js';

/** Over NFS a lock may exclude, and the number still be wrong. */
function staleOf({ primary, controls }: RunView): string[] {
  const stale = primary.cells
    .filter(isMeasured)
    .filter((cell) => !controls.has(cell.strategy) && nfsVerdict(cell) === 'stale');
  if (stale.length === 0 || primary.conditions.nfs === undefined) return [];
  const shares = stale.map(
    (cell) => cell.verdict.lost / cell.rounds.reduce((sum, { turns }) => sum + turns, 0),
  );
  return [
    `${stale.length} locks let nobody in beside their holder, and up to ${percent(Math.max(...shares))} of the updates were lost all the same: a client’s cache showed an old number.`,
  ];
}

/** Whether anything would have been noticed. */
function controlsOf(view: RunView): string[] {
  const controls = view.primary.cells.filter(isMeasured).filter((cell) => view.controls.has(cell.strategy));
  const caught = controls.filter((cell) => exclusionWord(cell).tone === 'bad');
  if (caught.length === 0 || caught.length < controls.length) return [];
  const names = list(caught.map((cell) => view.lock(cell).name));
  return [`The checks work: ${names} ${caught.length === 1 ? 'was' : 'were'} caught.`];
}

export interface Finding {
  readonly headline: string;
  readonly more: readonly string[];
  /** What to know before trusting it. */
  readonly notes: readonly string[];
  readonly isAlarm: boolean;
  readonly recommended: ReadonlySet<MeasuredCell>;
}

export function findingOf(view: RunView): Finding {
  const { lines, isAlarm, recommended } = headline(view.subject);
  const [first = '', ...rest] = lines;
  return {
    headline: first,
    more: [...rest, ...staleOf(view), ...controlsOf(view)],
    // The terminal has an option for the rest; here it stands further down, and a line may be as long as it likes.
    notes: notes(view.subject, Number.POSITIVE_INFINITY).map((note) => note.replace(' (--verbose)', '')),
    isAlarm,
    recommended,
  };
}

/** Turns after which another process had the lock, as a share; null with one process, and where numbers were lost. */
export function ownerChanges(cell: MeasuredCell): number | null {
  const { contention, conditions } = cell;
  if (contention === null || conditions.processes - conditions.readers < 2) return null;
  const turns = timingRounds(cell).reduce((sum, round) => sum + round.turns, 0);
  return contention.ownerChanges / turns;
}
