/**
 * A choice in words: which locks fit, what they cost, how to take them, what they leave open, and why the near misses fell out.
 */

import { strategyNames } from '../../strategies/index.js';
import { bounds, digits, duration, plural } from '../base/format.js';
import { projectRoot } from '../machine/project.js';
import { BASELINE } from '../measure/parent/summarise.js';
import { describeConditions } from '../measure/result/groups.js';
import { cellName } from '../measure/result/result.js';
import { textWidth } from '../text/table.js';
import { folded, list } from '../text/words.js';
import type { Choice, Fit } from './choice.js';
import type { Figures } from './figures.js';
import { languagesAmong } from './language-need.js';
import { unprotectedFrom } from './limits.js';
import type { Candidate, Need } from './needs.js';
import { fewTake, notTaken, PROGRAMS, programName, takings } from './programs.js';

const NAMED = 3;

const under = (indent: number, text: string): string[] =>
  folded(text, textWidth() - indent).map((line) => `${' '.repeat(indent)}${line}`);

/** Why another lock is named before it. */
function whyNotFirst({ candidate, tiesWithFirst, timesFirst }: Fit, first: Fit): string {
  const pollsOnly = !sleeps(candidate) && sleeps(first.candidate);
  if (isStuck(candidate) && !isStuck(first.candidate)) return 'if its holder is killed, it stays locked';
  if (tiesWithFirst)
    return `the rounds do not tell their costs apart${pollsOnly ? ', and its waiters must poll' : ': take either'}`;
  if (timesFirst === null) return 'it cost more';
  return `it costs ${digits(timesFirst.median)}x as much (${digits(timesFirst.low)}–${digits(timesFirst.high)})`;
}

const isStuck = ({ strategy }: Candidate): boolean => strategy.claims.holderDies === 'stuck';
const sleeps = ({ finding }: Candidate): boolean => finding.available && finding.members.lock;

/** What a user of it should know, from its claims and members. */
const remarks = (candidate: Candidate): string =>
  [
    `if its holder is killed: ${candidate.strategy.claims.holderDies}`,
    sleeps(candidate) ? 'a waiter sleeps until it is its turn' : 'waiters must poll',
    ...(candidate.strategy.calls === 'asynchronous' ? ['its calls return promises'] : []),
  ].join('; ');

const LANGUAGE_WIDTH = 'Python'.length;

/** How to take it, in each language that can, and why the others cannot. */
function takingLines(candidate: Candidate, asked: readonly Need[]): string[] {
  const { strategy } = candidate;
  const wanted = languagesAmong(asked);
  const known = takings(strategy, projectRoot).filter(({ language }) => wanted.includes(language));
  const not = notTaken(strategy, projectRoot).flatMap(({ languages, reason }) => {
    const among = languages.filter((language) => wanted.includes(language));
    return among.length === 0 ? [] : { languages: among, reason };
  });
  const calls = `Its calls: docs/strategies/${strategy.name}.md`;
  if (known.length === 0) {
    const [first] = not;
    return first === undefined
      ? [`     ${calls}`]
      : under(5, `No other program can take it, whatever its language: ${first.reason}. ${calls}`);
  }
  const wantsTry = asked.some(({ option }) => option === '--no-block');
  return [
    `     Take it (whole programs: ${PROGRAMS}/${programName(strategy)}.*):`,
    // The programs wait where the lock can.
    ...(wantsTry && sleeps(candidate)
      ? under(7, `These calls wait. The one that only tries: npx lockbench explain ${strategy.name}`)
      : []),
    ...known.map(({ language, line }) => `       ${language.padEnd(LANGUAGE_WIDTH)}  ${line}`),
    ...not.flatMap(({ languages, reason }) => under(7, `Not in ${list(languages)}: ${reason}.`)),
  ];
}

function fitLines(fit: Fit, i: number, fits: readonly Fit[], asked: readonly Need[]): string[] {
  const { candidate, cell, others } = fit;
  const [first = fit] = fits;
  const { median, low, high } = cell.nsPerIncrement;
  const ratio = cell.ratio === null ? '' : `, ${digits(cell.ratio.median)}x ${cell.ratio.to}`;
  const same =
    others.length === 0
      ? ''
      : ` The same lock by other calls: ${list(others.map((one) => `${cellName(one)} (${duration(one.nsPerIncrement.median)})`))}.`;
  return [
    `  ${i + 1}. ${cellName(cell)}${fewTake(candidate.strategy, projectRoot)}: ${duration(median)} an increment (${bounds(low, high, median)})${ratio}`,
    ...(i === 0 ? [] : under(5, `Not first: ${whyNotFirst(fit, first)}.`)),
    ...under(5, `${remarks(candidate)}.${same}`.replace(/^i/, 'I')),
    ...under(5, `It does not protect from ${unprotectedFrom(candidate.strategy).join('; ')}.`),
    ...takingLines(candidate, asked),
  ];
}

const namesOf = (candidates: readonly Candidate[]): string =>
  list(candidates.map(({ strategy: { name } }) => name));

/** The lines of it. */
export function choiceLines(chosen: Choice, figures: Figures): string[] {
  const [first] = chosen.fits;
  const lines = choiceItself(chosen, figures);
  // One from outside of the catalogue has no page.
  if (first === undefined || !strategyNames.includes(first.candidate.strategy.name)) return lines;
  const { name } = first.candidate.strategy;
  return [...lines, `Next: lockbench explain ${name} · lockbench crash ${name} · lockbench run`];
}

function choiceItself(chosen: Choice, { run, source, isOwn, whyNotOwn }: Figures): string[] {
  const { needs, conditions, fits, unmeasured, nearMisses, others } = chosen;
  const named = fits.slice(0, NAMED);
  const more = fits.slice(NAMED);
  const wanted = list(['excludes on one host', ...needs.map(({ words }) => words)]);
  const lines = [...folded(`You need a lock that ${wanted}.`, textWidth()), ''];

  if (named.length === 0 && unmeasured.length === 0) lines.push('No strategy in the catalogue fits.');
  else if (named.length === 0) lines.push('None that was measured fits.');
  else lines.push('These fit, the best first:', ...named.flatMap((fit, i) => fitLines(fit, i, named, needs)));
  if (more.length > 0) {
    const costlier = more
      .flatMap(({ cell, others }) => [cell, ...others])
      .map((cell) => `${cellName(cell)} (${duration(cell.nsPerIncrement.median)})`);
    lines.push(...folded(`These fit too: ${list(costlier)}.`, textWidth()));
  }
  if (unmeasured.length > 0) {
    const names = unmeasured.map(({ strategy: { name } }) => name);
    lines.push(
      ...folded(
        `These fit by their claims, and have no figures in ${isOwn ? 'your last run' : 'the recorded run'}: ${namesOf(unmeasured)}.`,
        textWidth(),
      ),
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
        textWidth(),
      ),
    );
  if (conditions === null || fits.length === 0) return lines;
  const where = describeConditions(conditions, run.environment.cpus);
  lines.push('', ...folded(`Costs: ${source}; ${where}. The rest: what the strategies claim.`, textWidth()));
  if (whyNotOwn !== null)
    lines.push(...folded(`For costs on this machine: npx lockbench run (${whyNotOwn}).`, textWidth()));
  if (needs.some(({ option }) => option === '--nfs') && conditions.nfs === undefined) {
    lines.push(
      ...folded(
        'The costs are those of one host. Between hosts, round trips decide: measure them with "npx lockbench nfs compare".',
        textWidth(),
      ),
    );
  }
  return lines;
}
