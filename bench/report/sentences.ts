/**
 * What was found, in sentences: the table's most telling ratios, then what a reader must know before trusting them.
 */
import type { Judgement } from '../verdict/judgement.js';
import { digits, duration, percent, plural } from './format.js';
import { describeConditions, type Group, groupsOf } from './groups.js';
import { cellName, isMeasured, type MeasuredCell, type Result } from './result.js';

function ratioSentence({ ranked }: Group): string[] {
  const compared = ranked.filter(({ ratio }) => ratio !== null);
  const slowest = compared.at(-1);
  if (slowest?.ratio == null || cellName(slowest) === slowest.ratio.to) return [];
  const { to, median, low, high } = slowest.ratio;
  return [
    `${cellName(slowest)} took ${digits(median)} times as long as ${to} (${digits(low)} to ${digits(high)})`,
  ];
}

function lostShare({ rounds, verdict }: MeasuredCell): string {
  return percent(verdict.lost / rounds.reduce((sum, { turns }) => sum + turns, 0));
}

function lossSentence({ cells }: Group): string[] {
  const failed = cells.flatMap((cell) => (cell.state === 'failed-verdict' ? [cell] : []));
  if (failed.length === 0) return [];
  return [failed.map((cell) => `${cellName(cell)} lost ${lostShare(cell)} of its numbers`).join(', ')];
}

function groupSentence(group: Group, cpus: number): string[] {
  const parts = [...ratioSentence(group), ...lossSentence(group)];
  return parts.length === 0 ? [] : [`In ${describeConditions(group.conditions, cpus)}: ${parts.join('; ')}.`];
}

function roundsSentence(result: Result): string {
  const measured = result.cells.filter(isMeasured);
  const [first] = measured;
  if (first === undefined) return 'Nothing was measured.';
  const { coverage, kind } = first.nsPerIncrement;
  const rounds = first.rounds.length;
  const fewer = rounds < result.blocks ? ` (${result.blocks} were asked for)` : '';
  const bounds =
    kind === 'interval'
      ? `low–high covers the true median with ${percent(coverage)}`
      : 'low–high is their range';
  const loop =
    result.emptyLoopNs === null ? '' : `; the loop by itself costs ${duration(result.emptyLoopNs)}`;
  return (
    `Per increment: wall time over turns, median of ${plural(rounds, 'round')}${fewer} of at least ` +
    `${duration(Math.min(result.atLeastNs, result.budgetNs))}; ${bounds}${loop}. Seed ${result.seed}.`
  );
}

/** Cells in which some process did not get as far as it should. */
function budgetSentence(result: Result): string[] {
  const cut = result.cells
    .filter(isMeasured)
    .filter(({ rounds, conditions }) =>
      rounds.some(({ workers }) => workers.some(({ turns }) => turns < conditions.increments)),
    );
  if (cut.length === 0) return [];
  return [
    `${plural(cut.length, 'cell')} stopped by the budget of ${duration(result.budgetNs)} a round, with fewer turns; ` +
      'raise it with --budget.',
  ];
}

/** Whether anything would have been noticed: with company, something must be caught losing. */
function controlSentence({ cells }: Result, controls: ReadonlySet<string>): string[] {
  const contended = cells.filter(({ conditions }) => conditions.processes > 1);
  if (contended.length === 0 || contended.some(({ strategy }) => controls.has(strategy))) return [];
  return ['No control was run: add none to --strategies to see that a lost update would be caught here.'];
}

/** Sentences under a table, a line each. */
export function findings(result: Result, judgement: Judgement, controls: ReadonlySet<string>): string[] {
  const { cpus } = result.environment;
  const lines = groupsOf(result, controls).flatMap((group) => groupSentence(group, cpus));
  lines.push(roundsSentence(result), ...budgetSentence(result), ...controlSentence(result, controls));
  lines.push(...result.warnings.map((warning) => `Warning: ${warning}.`));
  const list = (what: string, cells: readonly string[]) => {
    if (cells.length > 0) lines.push(`${what}: ${cells.join('; ')}.`);
  };
  list('A CLAIM WAS BROKEN, a lock that should exclude lost updates', judgement.brokenClaims);
  list(
    'PROVED NOTHING: without any lock no update was lost, so that none lost by a lock says little',
    judgement.uncaughtControls,
  );
  list('Did not finish', judgement.incomplete);
  if (result.interruptedBy !== null)
    lines.push(`Ended early by ${result.interruptedBy}; what was finished is shown.`);
  return lines;
}
