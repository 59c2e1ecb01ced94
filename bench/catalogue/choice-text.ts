/**
 * A choice in words: which locks fit and what they cost, and why the near misses fell out.
 */

import type { Claims } from '../../strategies/strategy.js';
import { formatDuration } from '../base/duration.js';
import { bounds, digits, duration, plural } from '../base/format.js';
import { BASELINE } from '../measure/parent/summarise.js';
import { describeConditions } from '../measure/result/groups.js';
import { cellName } from '../measure/result/result.js';
import type { Result } from '../measure/result/result-schema.js';
import { folded, list } from '../text/words.js';
import type { Choice, Fit } from './choice.js';
import type { Candidate } from './needs.js';

const WIDTH = 100;
const NAMED = 3;

const under = (indent: number, text: string): string[] =>
  folded(text, WIDTH - indent).map((line) => `${' '.repeat(indent)}${line}`);

/** "the open file description", "nobody". */
const ownerOf = ({ owner }: Claims): string =>
  owner === 'nobody' ? owner : `the ${owner.replaceAll('-', ' ')}`;

/** What a user of it should know, from its claims and members. */
function remarks({ strategy: { claims, calls }, finding }: Candidate): string {
  const waits =
    finding.available && finding.members.lock ? 'a waiter sleeps until it is its turn' : 'waiters must poll';
  return [
    `if its holder is killed: ${claims.holderDies}`,
    ...(claims.leaseNs === undefined
      ? []
      : [`a holder that is stopped for longer than ${formatDuration(claims.leaseNs)} is overtaken`]),
    waits,
    `held, it belongs to ${ownerOf(claims)}`,
    ...(calls === 'asynchronous' ? ['its calls return promises'] : []),
  ].join('; ');
}

function fitLines({ candidate, cell, tiesWithFirst }: Fit, i: number): string[] {
  const { median, low, high } = cell.nsPerIncrement;
  const ratio = cell.ratio === null ? '' : `, ${digits(cell.ratio.median)}x ${cell.ratio.to}`;
  const tie = tiesWithFirst ? 'its cost is not distinguishable from that of the 1st; ' : '';
  return [
    `  ${i + 1}. ${cellName(cell)}: ${duration(median)} an increment (${bounds(low, high, median)})${ratio}`,
    ...under(5, `${tie}${remarks(candidate)}.`),
  ];
}

const namesOf = (candidates: readonly Candidate[]): string =>
  list(candidates.map(({ strategy: { name } }) => name));

/** The lines of it. `runName`: the recorded run that the costs are from. */
export function choiceLines(chosen: Choice, run: Result, runName: string): string[] {
  const { needs, conditions, fits, unmeasured, nearMisses, others } = chosen;
  const named = fits.slice(0, NAMED);
  const more = fits.slice(NAMED);
  const wanted = list(['it excludes on one host', ...needs.map(({ words }) => words)]);
  const lines = [...folded(`Wanted of a lock: ${wanted}.`, WIDTH), ''];

  if (named.length === 0 && unmeasured.length === 0) lines.push('No strategy of the catalogue fits.');
  else if (named.length === 0) lines.push('None that was measured fits.');
  else lines.push('These fit, the cheapest first:', ...named.flatMap(fitLines));
  if (more.length > 0) {
    const costlier = more.map(({ cell }) => `${cellName(cell)} (${duration(cell.nsPerIncrement.median)})`);
    lines.push(...folded(`These fit and cost more: ${list(costlier)}.`, WIDTH));
  }
  if (unmeasured.length > 0) {
    const names = unmeasured.map(({ strategy: { name } }) => name);
    lines.push(
      ...folded(`These fit by their claims, and are not in the recorded run: ${namesOf(unmeasured)}.`, WIDTH),
      `  Measure them: npx lockbench run --strategies ${[...new Set([BASELINE.strategy, ...names])].join(',')}`,
    );
  }
  if (nearMisses.length > 0) {
    lines.push('', 'Near misses, each for one reason:');
    for (const why of new Set(nearMisses.map((miss) => miss.why))) {
      const missed = nearMisses.filter((miss) => miss.why === why).map(({ candidate }) => candidate);
      lines.push(...under(2, `${namesOf(missed)}: ${why}.`));
    }
  }
  if (others.length > 0)
    lines.push(
      ...folded(
        `${plural(others.length, 'other')} ${others.length === 1 ? 'lacks' : 'lack'} more: ${namesOf(others)}.`,
        WIDTH,
      ),
    );
  if (conditions === null || fits.length === 0) return lines;
  const where = describeConditions(conditions, run.environment.cpus);
  lines.push(
    '',
    ...folded(`Costs: results/${runName}, ${where}; the rest: what the strategies claim.`, WIDTH),
  );
  if (needs.some(({ option }) => option === '--nfs') && conditions.nfs === undefined) {
    lines.push(
      ...folded(
        'The costs are those of one host. Between hosts, round trips decide: measure them with "npx lockbench nfs compare".',
        WIDTH,
      ),
    );
  }
  return lines;
}
