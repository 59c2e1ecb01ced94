/**
 * What a reader must know before trusting the figures: one line each, with the flag that helps.
 */
import { digits, percent, plural } from '../../base/format.js';
import { visible } from '../../base/visible.js';
import { noiseVerdict, QUIET } from '../../machine/noise-warnings.js';
import { isMeasured, needsProof, timingRounds } from '../../measure/result/result.js';
import type { MeasuredCell, Result } from '../../measure/result/result-schema.js';
import { driftingCells } from '../../measure/verdict/drifting.js';
import { isDoubtful, noiseOf } from '../../measure/verdict/trust.js';
import { shortened } from '../../text/words.js';
import { DOUBT } from './group-columns.js';
import { type Subject, shortName } from './subject.js';

/** Below it a lock was mostly taken by the process that had released it: what waiting costs was hardly measured. */
const HARDLY_CONTENDED = 0.05;
const MOST_NAMES = 3;
/** Without the mark before it, on a terminal of 80 columns. */
const LINE = 78;

/** "fcntl, flock, excl/spin and 4 more", each once. */
function namesOf(subject: Subject, cells: readonly MeasuredCell[]): string {
  const names = [...new Set(cells.map((cell) => shortName(subject, cell)))];
  const more = names.length - MOST_NAMES;
  return more > 0 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${more} more` : names.join(', ');
}

const ownerChanges = (cell: MeasuredCell): number | null => {
  const turns = timingRounds(cell).reduce((sum, round) => sum + round.turns, 0);
  return cell.contention === null || turns === 0 ? null : cell.contention.ownerChanges / turns;
};

/** Who has company in vain. Readers share the lock, and need not hand it over. */
function contention(subject: Subject): string[] {
  const cells = contendersOf(subject).filter(({ conditions }) => conditions.readers === 0);
  const few = cells.filter((cell) => (ownerChanges(cell) ?? 1) < HARDLY_CONTENDED);
  const [first] = few;
  if (first === undefined) return [];
  const most = percent(Math.max(...few.map((cell) => ownerChanges(cell) ?? 0)));
  const isPlain = few.every(({ conditions }) => conditions.hold === null && conditions.think === null);
  const help = isPlain ? '--preset job-runner' : 'a longer --think helps';
  const who = few.length === 1 ? shortName(subject, first) : plural(few.length, 'lock');
  return [`Hardly contended: ${who} changed hands in ${most} of ops; ${help}`];
}

/** Locks of the most telling group, which had company. */
function contendersOf({ groups, controls }: Subject): MeasuredCell[] {
  const [group] = groups;
  return group === undefined || !needsProof(group.conditions)
    ? []
    : group.cells.filter(isMeasured).filter(({ strategy }) => !controls.has(strategy));
}

function proofs(subject: Subject): string[] {
  const unproven = subject.result.cells
    .filter(isMeasured)
    .filter(({ conditions, verdict }) => needsProof(conditions) && verdict.exclusion === 'unchecked')
    .filter(({ strategy }) => !subject.controls.has(strategy));
  if (unproven.length === 0) return [];
  const isTried = unproven.some(({ rounds }) => rounds.some(({ kind }) => kind === 'prove'));
  const help = isTried ? 'raise --budget' : '--handoffs 0 left the proofs out';
  return [`Not proven: ${namesOf(subject, unproven)}; ${help}`];
}

/** Whether anything would have been noticed. */
function missingControls({ result: { cells }, controls }: Subject): string[] {
  const contended = cells.filter(({ conditions }) => needsProof(conditions));
  if (contended.length === 0 || contended.some(({ strategy }) => controls.has(strategy))) return [];
  if (contended.every(({ conditions }) => conditions.rogues > 0)) return [];
  return contended.every(({ conditions }) => conditions.readers > 0)
    ? ['No control: --rogue 1 shows that a writer beside a reader would be caught']
    : ['No control: add none,broken to --strategies to see that a failure would be caught'];
}

/** What disturbed the machine. */
function noise({ result }: Subject): string[] {
  const verdict = noiseVerdict(noiseOf(result));
  return verdict === null || verdict === QUIET ? [] : [verdict];
}

/** Which figures may be the machine's own: what the mark behind them means is never left out. */
function doubts({ groups, leastFactor }: Subject): string[] {
  const ratios = groups.flatMap(({ cells }) => cells.filter(isMeasured).flatMap(({ ratio }) => ratio ?? []));
  return ratios.some((ratio) => isDoubtful(ratio, leastFactor))
    ? [`Doubtful (${DOUBT}): the same computation sometimes took up to ${digits(leastFactor)}x as long`]
    : [];
}

/** Whose median depends on when it was measured: figures of such a cell hold for this run only. */
function drift(subject: Subject): string[] {
  const drifting = driftingCells(subject.result).filter(({ cell }) => !subject.controls.has(cell.strategy));
  const [first] = drifting;
  if (first === undefined) return [];
  const most = drifting.reduce(
    (a, b) => (Math.abs(Math.log(b.change)) > Math.abs(Math.log(a.change)) ? b : a),
    first,
  );
  const who = drifting.length === 1 ? shortName(subject, first.cell) : plural(drifting.length, 'cell');
  const asMuch = drifting.length === 1 ? '' : 'as much as ';
  return [`Drifting: ${who}, last rounds ${asMuch}${digits(most.change)}x the first; try --rest 60s`];
}

/** What the file systems are known for, as far as it fits. */
function places({ warnings, cells }: Result, room: number): string[] {
  const paths = [...new Set(cells.map(({ conditions }) => visible(conditions.directory.path)))];
  const more = ' (--verbose)';
  return warnings
    .map(visible)
    .filter((warning) => paths.some((path) => warning.startsWith(`${path}: `)))
    .map((text) => (text.length <= room ? text : `${shortened(text, room - more.length)}${more}`));
}

function ending({ result, judgement: { incomplete } }: Subject): string[] {
  const by = result.interruptedBy;
  const lines = by === null ? [] : [`Ended early by ${visible(by)}; what was finished is shown`];
  const [first] = incomplete;
  if (first === undefined) return lines;
  const more = incomplete.length > 1 ? ` and ${plural(incomplete.length - 1, 'other')}` : '';
  return [...lines, `Did not finish: ${visible(first)}${more} (--verbose)`];
}

/** Of the run itself: lines without a mark, the most important first. */
export const caveats = (subject: Subject): string[] => [
  ...ending(subject),
  ...doubts(subject),
  ...contention(subject),
  ...proofs(subject),
  ...missingControls(subject),
  ...drift(subject),
  ...noise(subject),
];

/** The same, and what the file systems are known for, as far as `room` reaches: characters. */
export const notes = (subject: Subject, room: number = LINE): string[] => [
  ...caveats(subject),
  ...places(subject.result, room),
];
