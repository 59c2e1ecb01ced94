/**
 * What was found, in sentences: the table's most telling ratios, then what a reader must know before trusting them.
 */

import { digits, duration, percent, plural, tellsBounds } from '../base/format.js';
import { describeConditions, type Group, groupsOf } from '../measure/result/groups.js';
import { cellName, isMeasured, needsProof, timingRounds, turnsOf } from '../measure/result/result.js';
import type { MeasuredCell, Result } from '../measure/result/result-schema.js';
import { driftingCells } from '../measure/verdict/drifting.js';
import { LEAST_HANDOFFS } from '../measure/verdict/exclusion.js';
import type { Judgement } from '../measure/verdict/judgement.js';
import { areTold, ties } from '../measure/verdict/ranking.js';
import { violation } from '../measure/verdict/violation.js';
import { BOUNDS, type Column, columns } from './columns.js';
import { machineSentences } from './machine-sentences.js';
import { rpcLines } from './rpc-lines.js';
import { runtimeSentences } from './runtime-sentences.js';

function ratioSentence({ ranked }: Group): string[] {
  const compared = ranked.filter(({ ratio }) => ratio !== null);
  const slowest = compared.at(-1);
  if (slowest?.ratio == null || cellName(slowest) === slowest.ratio.to) return [];
  const { to, median, low, high } = slowest.ratio;
  const took = `${cellName(slowest)} took ${digits(median)} times as long as ${to}`;
  if (!tellsBounds(slowest.ratio)) return [took];
  // A ratio that may be 1 is no finding.
  return low <= 1 && high >= 1 ? [] : [`${took} (${digits(low)} to ${digits(high)})`];
}

const lostShare = (cell: MeasuredCell): string => percent(cell.verdict.lost / turnsOf(cell));

function lossSentence({ cells }: Group): string[] {
  const failed = cells.flatMap((cell) => (isMeasured(cell) && cell.verdict.lost > 0 ? [cell] : []));
  if (failed.length === 0) return [];
  return [failed.map((cell) => `${cellName(cell)} lost ${lostShare(cell)} of its numbers`).join(', ')];
}

/** The first case is told of locks alone: that of a control surprises nobody. */
function violationSentence({ cells }: Group, controls: ReadonlySet<string>): string[] {
  const violated = cells.filter(isMeasured).filter(({ verdict }) => verdict.exclusion === 'violated');
  return violated.map((cell) => {
    const { violations } = cell.verdict;
    return controls.has(cell.strategy)
      ? `${cellName(cell)} let two in ${plural(violations, 'time')}`
      : `${cellName(cell)} let ${violation(cell)}`;
  });
}

/** Locks whose order the rounds do not tell. */
function tieSentence({ ranked }: Group): string[] {
  const tied = areTold(ranked) ? ties(ranked).filter(({ length }) => length > 1) : [];
  if (tied.length === 0) return [];
  return [`Not distinguishable: ${tied.map((cells) => cells.map(cellName).join(' ≈ ')).join(', ')}`];
}

function groupSentence(group: Group, cpus: number, controls: ReadonlySet<string>): string[] {
  const parts = [...ratioSentence(group), ...lossSentence(group), ...violationSentence(group, controls)];
  const sentences = [parts.join('; '), ...tieSentence(group)].filter((sentence) => sentence !== '');
  if (sentences.length === 0) return [];
  return [`In ${describeConditions(group.conditions, cpus)}: ${sentences.join('. ')}.`];
}

function roundsSentence(result: Result, shown: readonly Column[]): string {
  const measured = result.cells.filter(isMeasured);
  const [first] = measured;
  if (first === undefined) return 'Nothing was measured.';
  const { nsPerIncrement } = first;
  const { coverage, kind } = nsPerIncrement;
  const rounds = timingRounds(first).length;
  const fewer = rounds < result.blocks ? ` (${result.blocks} were asked for)` : '';
  const covers =
    kind === 'interval' ? `covers the true median of this run with ${percent(coverage)}` : 'is their range';
  const bounds = !tellsBounds(nsPerIncrement)
    ? '; with fewer than 3 rounds there are no bounds and no order'
    : shown.some(({ heading }) => heading === BOUNDS)
      ? `; ${BOUNDS} ${covers}`
      : '';
  const { emptyLoopNs, instrumentsNs } = result;
  const loop = emptyLoopNs === null ? '' : `; the loop by itself costs ${duration(emptyLoopNs)}`;
  const traced = measured.some(({ acquireNs }) => acquireNs !== null);
  const instruments =
    instrumentsNs === null || !traced
      ? ''
      : `; stamping an acquisition, in trace rounds alone, ${duration(instrumentsNs)}`;
  return (
    `Per increment: wall time over turns, median of ${plural(rounds, 'round')}${fewer} of at least ` +
    `${duration(Math.min(result.atLeastNs, result.budgetNs))}${bounds}${loop}${instruments}. Seed ${result.seed}.`
  );
}

/** What the hand-offs mean, and which cells had too few of them. */
function proofSentence({ cells }: Result): string[] {
  const contended = cells.filter(isMeasured).filter(({ conditions }) => needsProof(conditions));
  const held = contended.filter(({ verdict }) => verdict.exclusion === 'held');
  const unchecked = contended.filter(({ verdict }) => verdict.exclusion === 'unchecked');
  const lines: string[] = [];
  if (held.length > 0) {
    lines.push(
      'Excluded in hand-offs: how often the lock changed hands, with random delays, while two were never inside at once.',
    );
  }
  if (unchecked.length > 0) {
    lines.push(
      `Exclusion unchecked, with fewer than ${LEAST_HANDOFFS} hand-offs: ${[...new Set(unchecked.map(cellName))].join(', ')}; ` +
        'raise --budget or --handoffs.',
    );
  }
  return lines;
}

/** Cells in which some process did not get as far as it should. */
function budgetSentence(result: Result): string[] {
  const cut = result.cells
    .filter(isMeasured)
    .filter(({ rounds, conditions }) =>
      timingRounds({ rounds }).some(({ workers }) =>
        workers.some(({ turns }) => turns < conditions.increments),
      ),
    );
  if (cut.length === 0) return [];
  return [
    `${plural(cut.length, 'cell')} stopped by the budget of ${duration(result.budgetNs)} a round, with fewer turns; ` +
      'raise it with --budget.',
  ];
}

/** Whether anything would have been noticed: with company, something must be caught losing. */
function controlSentence({ cells }: Result, controls: ReadonlySet<string>): string[] {
  const contended = cells.filter(({ conditions }) => needsProof(conditions));
  if (contended.length === 0 || contended.some(({ strategy }) => controls.has(strategy))) return [];
  if (contended.every(({ conditions }) => conditions.rogues > 0)) return [];
  if (contended.every(({ conditions }) => conditions.readers > 0)) {
    return ['No control was run: add --rogue 1 to see that a writer beside a reader would be caught.'];
  }
  return [
    'No control was run: add none and broken to --strategies to see that a lost update, or two inside, would be caught.',
  ];
}

const freshens = ({ cells }: Result): boolean => cells.some(({ conditions }) => conditions.freshInodes);

/** Whose bounds hold for this run only, whatever they cover: its rounds were not of one kind. */
function driftSentence(result: Result): string[] {
  const drifting = driftingCells(result);
  if (drifting.length === 0) return [];
  const each = drifting.map(
    ({ cell, change }) =>
      `${cellName(cell)} in ${cell.conditions.directory.path} with ${plural(cell.conditions.processes, 'process')} ` +
      `(last rounds ${digits(change)} times the first)`,
  );
  return [
    `Drifting, so the figures hold for this run only: ${each.join(', ')}. ` +
      `Let rounds rest with --rest, ${freshens(result) ? '' : 'use --fresh-inodes on ext4, '}or measure both versions in turn.`,
  ];
}

/** Sentences under a table of these columns, a line each. */
export function findings(
  result: Result,
  judgement: Judgement,
  controls: ReadonlySet<string>,
  shown: readonly Column[] = columns,
): string[] {
  const { cpus } = result.environment;
  const groups = groupsOf(result, controls);
  const lines = groups.flatMap((group) => groupSentence(group, cpus, controls));
  lines.push(
    ...rpcLines(groups, cpus),
    ...runtimeSentences(groups, cpus),
    roundsSentence(result, shown),
    ...proofSentence(result),
    ...budgetSentence(result),
    ...controlSentence(result, controls),
  );
  lines.push(...driftSentence(result), ...machineSentences(result, groups));
  lines.push(...result.warnings.map((warning) => `Warning: ${warning}.`));
  const list = (what: string, cells: readonly string[]) => {
    if (cells.length > 0) lines.push(`${what}: ${cells.join('; ')}.`);
  };
  list('A CLAIM WAS BROKEN, a lock that should exclude did not', judgement.brokenClaims);
  list(
    'INCONCLUSIVE: a negative control passed, so a lock that passed says little',
    judgement.uncaughtControls,
  );
  list('Did not finish', judgement.incomplete);
  if (result.interruptedBy !== null)
    lines.push(`Ended early by ${result.interruptedBy}; what was finished is shown.`);
  return lines;
}
