/**
 * All that is known of one strategy, as text: its facts and claims, how it locks, what it cost when it was measured.
 */

import { fileURLToPath } from 'node:url';
import { whyUnfit } from '../../strategies/index.js';
import type { Strategy } from '../../strategies/strategy.js';
import { bounds, digits, duration, percent } from '../base/format.js';
import { visible } from '../base/visible.js';
import { describeConditions } from '../measure/result/groups.js';
import { cellName, isMeasured, turnsOf } from '../measure/result/result.js';
import type { Result } from '../measure/result/result-schema.js';
import { offers } from '../measure/worker/policy.js';
import type { Finding } from '../measure/worker/prober.js';
import { textWidth } from '../text/table.js';
import { folded } from '../text/words.js';
import { claimWords } from './claim-words.js';
import type { StrategyPage } from './strategy-page.js';

export interface Known {
  readonly strategy: Strategy;
  /** null for a lock from outside, which has none. */
  readonly page: StrategyPage | null;
  /** Where it was tried, and what came of it. */
  readonly directory: string;
  readonly finding: Finding;
  /** A recorded run, and its name. */
  readonly run: Result;
  readonly runName: string;
}

const LABEL_WIDTH = 28;

const labelled = (pairs: readonly (readonly [string, string])[]): string[] =>
  pairs.flatMap(([label, text]) =>
    folded(text, textWidth() - LABEL_WIDTH).map(
      (line, i) => `  ${(i === 0 ? label : '').padEnd(LABEL_WIDTH - 2)}${line}`,
    ),
  );

const indented = (lines: readonly string[]): string[] =>
  lines.map((line) => (line === '' ? '' : `  ${line}`));

/** What works here, or why it does not. */
const availability = ({ finding, directory }: Known): string =>
  finding.available
    ? `works in ${visible(directory)}: ${offers(finding.members)}`
    : `unavailable in ${visible(directory)}: ${finding.reason}`;

/** Its rows of a recorded run: where, and what it cost. */
function measured({ strategy, run, runName }: Known): string[] {
  const cells = run.cells.filter((cell) => cell.strategy === strategy.name);
  if (cells.length === 0)
    return [
      `  not in the recorded run results/${runName}; measure it: npx lockbench run --strategies ${strategy.name}`,
    ];
  const rows = cells.map((cell): readonly [string, string] => {
    const where = `${describeConditions(cell.conditions, run.environment.cpus)}, ${cellName(cell)}`;
    if (!isMeasured(cell)) return [where, `${cell.state}: ${cell.reason}`];
    const { median, low, high } = cell.nsPerIncrement;
    const ratio = cell.ratio === null ? '' : `, ${digits(cell.ratio.median)}x ${cell.ratio.to}`;
    const { lost } = cell.verdict;
    const updates = lost > 0 ? `, LOST ${percent(lost / turnsOf(cell))} of its updates` : ', no update lost';
    return [where, `${duration(median)} (${bounds(low, high, median)})${ratio}${updates}`];
  });
  return rows.flatMap(([where, text]) => [`  ${where}`, `    ${text}`]);
}

/** Its facts and claims; `proof`: the command that proves those of one host. */
function factsAndClaims(known: Known, proof: string): string[] {
  const { family, source, calls, claims } = known.strategy;
  return [
    'Facts',
    ...labelled([
      ['family', family],
      ['source', source],
      ['its calls', calls === 'synchronous' ? calls : `${calls} (they return promises)`],
      ['here', availability(known)],
    ]),
    '',
    `Claims ("${proof}" proves those of one host)`,
    ...labelled(claimWords(claims)),
  ];
}

/** The lines of it. */
export function explanation(known: Known): string[] {
  const { strategy, page, run, runName } = known;
  const { name, title, module } = strategy;
  const unfit = whyUnfit(name);
  // Nothing is known of what it claims.
  if (unfit !== null) return folded(`${visible(name)} is unavailable: ${unfit}`, textWidth());
  if (page === null) {
    const path = module === undefined ? name : visible(fileURLToPath(module));
    return [`${name}: ${title}`, '', ...factsAndClaims(known, `lockbench prove ${path}`)];
  }
  return [
    `${name}: ${title}`,
    '',
    ...indented(folded(page.introduction, textWidth() - 2)),
    '',
    ...factsAndClaims(known, `lockbench prove ${name}`),
    '',
    'On lock',
    ...indented(page.onLock),
    '',
    'On unlock',
    ...indented(page.onUnlock),
    '',
    `Cost of an increment, in results/${runName}, recorded ${run.startedAt.slice(0, 10)}`,
    ...measured(known),
    '',
    'Read more',
    `  ${page.path} (where it breaks, and a command to see it)`,
    `  strategies/${name}.ts (all of it)`,
    `  npx lockbench crash ${name}`,
  ];
}
