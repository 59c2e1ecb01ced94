/**
 * What the lab's comparison found, in sentences: which locks are safe over NFS, and which only look so.
 */

import { duration, percent, plural } from '../../base/format.js';
import { cellName, isMeasured, timingRounds, turnsOf } from '../../measure/result/result.js';
import type { MeasuredCell, Result } from '../../measure/result/result-schema.js';
import type { Judgement } from '../../measure/verdict/judgement.js';
import { lostShare, type NfsVerdict, nfsMatrices, nfsVerdict } from '../../measure/verdict/nfs-verdict.js';
import { list } from '../../text/words.js';
import { cellMayBeForgotten } from '../frame/forgotten-lock.js';

/** The controls are not locks: the only question is whether they were caught. */
const CONTROLS: readonly string[] = ['none', 'broken'];

const measuredAcross = ({ cells }: Result): MeasuredCell[] =>
  cells
    .filter(isMeasured)
    .filter(({ conditions, strategy }) => (conditions.nfs?.clients ?? 1) > 1 && !CONTROLS.includes(strategy));

const where = ({ conditions: { nfs, number } }: MeasuredCell): string => `${nfs?.version} ${number}`;

/** "excl/spin (v3 kept-open, v4.2 kept-open)" for each lock with cells among these. */
function named(found: readonly MeasuredCell[]): string[] {
  return [...new Set(found.map(cellName))].map(
    (name) => `${name} (${list(found.filter((cell) => cellName(cell) === name).map(where))})`,
  );
}

/** Locks that were safe in every cell, and there was more than one way to fail. */
function alwaysSafe(cells: readonly MeasuredCell[]): string[] {
  const names = [...new Set(cells.map(cellName))];
  return names.filter((name) =>
    cells.every((cell) => cellName(cell) !== name || nfsVerdict(cell) === 'safe'),
  );
}

function acrossSentences(result: Result, serverLocks: ReadonlySet<string>): string[] {
  const cells = measuredAcross(result);
  if (cells.length === 0) return [];
  const safe = alwaysSafe(cells);
  const isForgotten = (cell: MeasuredCell) => serverLocks.has(cell.strategy) && cellMayBeForgotten(cell);
  const others = cells.filter((cell) => !safe.includes(cellName(cell)) && !isForgotten(cell));
  const by = (verdict: NfsVerdict) => others.filter((cell) => nfsVerdict(cell) === verdict);
  const lines: string[] = [];
  if (safe.length > 0) {
    lines.push(
      `Safe between clients wherever it was looked at: ${list(safe)}: never two inside, and no update lost.`,
    );
  }
  const sometimes = named(by('safe'));
  if (sometimes.length > 0) {
    lines.push(
      `No failure was met in these turns, under some conditions only: ${list(sometimes)}. ` +
        'That proves little: a client that opens a file anew knows a change by its time alone (v3), or by a counter (v4).',
    );
  }
  const stale = named(by('stale'));
  if (stale.length > 0) {
    const shares = by('stale').map(lostShare);
    lines.push(
      `Never two inside, and updates were lost all the same (${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}): ${list(stale)}. ` +
        'The holder read an old number from its client’s cache: a lock that is a name does not make the client ask the server for the data.',
    );
  }
  const violated = named(by('violated'));
  if (violated.length > 0) lines.push(`No lock at all, two were inside: ${list(violated)}.`);
  const forgotten = named(cells.filter(isForgotten));
  if (forgotten.length > 0)
    lines.push(
      `Failed once in a while: ${list(forgotten)}. Linux’s server can forget a lock that its holder took again right ` +
        'after an unlock, above all on a busy machine: docs/nfs-mounts.md, "A lock that the server forgets".',
    );
  // Also those that lost updates: whether they held is another question.
  const unchecked = named(others.filter(({ verdict }) => verdict.exclusion === 'unchecked'));
  if (unchecked.length > 0)
    lines.push(`Not handed over often enough to tell (raise --budget): ${list(unchecked)}.`);
  return lines;
}

/** More cells than these are counted, not named. */
const MOST_NAMED = 8;

/** Cells in which some round did not come to its end: what an increment cost is told, from fewer of them. */
function budgetSentence(result: Result): string[] {
  const locks = result.cells.filter(isMeasured).filter(({ strategy }) => !CONTROLS.includes(strategy));
  const cut = locks.flatMap((cell) => {
    const { processes, increments, nfs } = cell.conditions;
    const asked = processes * increments;
    const done = Math.min(...timingRounds(cell).map(({ turns }) => turns));
    const on = plural(nfs?.clients ?? 1, 'client');
    return done < asked ? [`${cellName(cell)} (${where(cell)}, ${on}) ${done} of ${asked}`] : [];
  });
  if (cut.length === 0) return [];
  if (cut.length > MOST_NAMED) {
    return [
      `Stopped by the budget of ${duration(result.budgetNs)} a round, with fewer turns: ${cut.length} of ${locks.length} cells with a lock; raise it with --budget.`,
    ];
  }
  return [
    `Stopped by the budget of ${duration(result.budgetNs)} a round, with fewer turns: ${list(cut)}; raise it with --budget.`,
  ];
}

const MACHINES = {
  tcg: 'emulated processors (TCG), some ten times slower than real ones: compare ratios, not times',
  kvm: 'a virtual machine (KVM)',
  host: 'this kernel',
} as const;

function methodSentence(result: Result): string {
  const machine = result.cells[0]?.conditions.nfs?.machine ?? 'host';
  const turns = result.cells.filter(isMeasured).reduce((sum, cell) => sum + turnsOf(cell), 0);
  return (
    `Per increment: wall time over turns, median of ${plural(result.blocks, 'round')}, on ${MACHINES[machine]}; ` +
    `in brackets, times fcntl/block of the same column. ${turns} turns in all. Seed ${result.seed}.`
  );
}

/** Sentences under the tables, a line each. `serverLocks`: strategies whose lock the server keeps, not a name in a directory. */
export function nfsFindings(
  result: Result,
  judgement: Judgement,
  serverLocks: ReadonlySet<string>,
): string[] {
  const lines = [...acrossSentences(result, serverLocks), methodSentence(result), ...budgetSentence(result)];
  const tell = (what: string, cells: readonly string[]): void => {
    if (cells.length > 0) lines.push(`${what}: ${cells.join('; ')}.`);
  };
  tell('A CLAIM WAS BROKEN, a lock that should exclude did not', judgement.brokenClaims);
  tell('INCONCLUSIVE: a negative control passed', judgement.uncaughtControls);
  tell('Did not finish', judgement.incomplete);
  if (nfsMatrices(result).length > 0 && !result.cells.some(({ strategy }) => CONTROLS.includes(strategy))) {
    lines.push(
      'No control was run: add none and broken to --strategies to see that a failure would be caught.',
    );
  }
  if (result.interruptedBy !== null)
    lines.push(`Ended early by ${result.interruptedBy}; what was finished is shown.`);
  return lines;
}
