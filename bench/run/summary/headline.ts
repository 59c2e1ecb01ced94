/**
 * The finding: which lock to use in the most telling group, what the others cost, and why the fastest may not be it. Nothing
 * is recommended that was not proven in this run, that stays locked when its holder dies, or that a lease takes away.
 */
import { digits, plural, tellsBounds } from '../../base/format.js';
import { visible } from '../../base/visible.js';
import type { Group } from '../../measure/result/groups.js';
import { isMeasured, needsProof, timingRounds } from '../../measure/result/result.js';
import type { MeasuredCell } from '../../measure/result/result-schema.js';
import { areTold, compareCells, ties } from '../../measure/verdict/ranking.js';
import { isDoubtful } from '../../measure/verdict/trust.js';
import { list } from '../../text/words.js';
import { claimsOf, costliest, isStuck, type Subject, shortName } from './subject.js';

export interface Headline {
  /** Sentences, a line each. */
  readonly lines: readonly string[];
  /** Whether they say that something is wrong. */
  readonly isAlarm: boolean;
  readonly recommended: ReadonlySet<MeasuredCell>;
}

const MOST_NAMES = 3;
/** A path of this length leaves room for the sentence. */
const MOST_PATH = 30;

const nothing = (isAlarm: boolean, ...lines: string[]): Headline => ({
  lines,
  isAlarm,
  recommended: new Set(),
});

/** "flock, fcntl, ofd or 2 others". */
function oneOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  const shown = more > 1 ? [...names.slice(0, MOST_NAMES), `${more} others`] : names;
  return list(shown).replace(/ and (?=[^ ]+$|\d+ others$)/, ' or ');
}

const pathOf = ({ conditions }: Group): string => {
  const path = visible(conditions.directory.path);
  return path.length > MOST_PATH ? `…${path.slice(1 - MOST_PATH)}` : path;
};

/** Proven in this run, and safe when its holder dies or is stopped. */
function isCandidate(subject: Subject, cell: MeasuredCell): boolean {
  const claims = claimsOf(subject, cell);
  if (claims === undefined || cell.verdict.exclusion !== 'held') return false;
  return claims.excludes && claims.holderDies !== 'stuck' && claims.leaseNs === undefined;
}

/** " (lock file)": what a name of the catalogue is, for who has never seen it. */
function inWords({ strategies }: Subject, { strategy }: MeasuredCell): string {
  const [title] = strategies.get(strategy)?.title.split(',') ?? [];
  return title === undefined || title === strategy ? '' : ` (${visible(title)})`;
}

function whenItsHolderDies(subject: Subject, cell: MeasuredCell): string {
  if (isStuck(subject, cell)) return ' and stays locked when its holder dies';
  const lease = claimsOf(subject, cell)?.leaseNs;
  return lease === undefined ? '' : ' and loses the lock when its holder is stopped';
}

/** What costs most, of what can be told from the baseline, if it is not what is recommended. */
function contrast(subject: Subject, group: Group, recommended: ReadonlySet<MeasuredCell>): string[] {
  const isDearer = ({ ratio }: MeasuredCell): boolean =>
    ratio !== null && tellsBounds(ratio) && ratio.low > 1 && !isDoubtful(ratio, subject.leastFactor);
  const slowest = costliest(subject, group.ranked.filter(isDearer));
  if (slowest?.ratio == null || recommended.has(slowest)) return [];
  const { to, median, low, high } = slowest.ratio;
  const [baseline] = to.split('/');
  return [
    `${shortName(subject, slowest)}${inWords(subject, slowest)} costs ${digits(median)}x ${baseline} in ${pathOf(group)} ` +
      `(${digits(low)}–${digits(high)}x)${whenItsHolderDies(subject, slowest)}.`,
  ];
}

/** The table shows a faster lock above the recommended one: why it is not that. */
function fasterButStuck(subject: Subject, group: Group, best: MeasuredCell): string[] {
  const faster = group.ranked.filter((cell) => {
    const ratio = compareCells(cell, best)?.ratio;
    if (!isStuck(subject, cell) || ratio === undefined || isDoubtful(ratio, subject.leastFactor))
      return false;
    // Told apart in a table of these two, and faster.
    return ties([cell, best]).length > 1 && ratio.median < 1;
  });
  if (faster.length === 0) return [];
  const names = faster.map((cell) => shortName(subject, cell));
  const [are, stay, their] = names.length === 1 ? ['is', 'stays', 'its'] : ['are', 'stay', 'their'];
  return [`${list(names)} ${are} faster, but ${stay} locked when ${their} holder dies.`];
}

/** Once for each lock: what takes the same one by the calls of a package is no other choice. */
function namesOf(subject: Subject, cells: Iterable<MeasuredCell>): string[] {
  const all = [...cells];
  const isAnother = ({ strategy }: MeasuredCell): boolean => {
    const same = subject.strategies.get(strategy)?.sameLockAs;
    return same === undefined || all.every((cell) => cell.strategy !== same);
  };
  return [...new Set(all.filter(isAnother).map((cell) => shortName(subject, cell)))];
}

/** In words, where nothing can be said of safety: nobody had company. */
function ofCostsAlone(subject: Subject, group: Group): Headline {
  const lines = contrast(subject, group, new Set());
  const [only, ...others] = group.ranked;
  const none =
    only !== undefined && others.length === 0
      ? `Only ${shortName(subject, only)} was measured: no lock to compare it with.`
      : 'No lock could be told from the others by its cost.';
  return nothing(
    false,
    ...(lines.length > 0 ? lines : [none]),
    'Nothing was contended, so that no lock was proven; --processes 2 does that.',
  );
}

/** Slower than the best, but not by more than the machine's own noise. */
const doubtful = (
  { leastFactor }: Subject,
  candidates: readonly MeasuredCell[],
  best: MeasuredCell,
): MeasuredCell[] =>
  candidates.filter((cell) => {
    const ratio = compareCells(cell, best)?.ratio;
    return ratio !== undefined && isDoubtful(ratio, leastFactor);
  });

/** What the group in which most is told says. */
function ofGroup(subject: Subject, group: Group): Headline {
  const candidates = group.ranked.filter((cell) => isCandidate(subject, cell));
  const [best] = candidates;
  if (best === undefined) {
    const isAnyProven = group.ranked.some(({ verdict }) => verdict.exclusion === 'held');
    const why = isAnyProven
      ? 'each lock that was proven stays locked, or is lost, when its holder dies or stops'
      : 'no lock was proven to exclude in this run';
    return nothing(false, `No recommendation: ${why}.`, ...contrast(subject, group, new Set()));
  }
  if (group.ranked.length === 1) {
    const { handoffs } = best.verdict;
    const name = shortName(subject, best);
    return nothing(
      false,
      `${name} excluded in ${plural(handoffs, 'hand-off')} in ${pathOf(group)}; it is not left locked when its holder dies.`,
    );
  }
  if (!areTold(group.ranked)) {
    const rounds = plural(timingRounds(best).length, 'round');
    const safe = list(namesOf(subject, candidates));
    return nothing(
      false,
      `Proven, and not left locked when the holder dies: ${safe}.`,
      `No order: ${rounds} of each can't tell which is faster; --rounds 6 can.`,
    );
  }
  const recommended = new Set([...(ties(candidates)[0] ?? [best]), ...doubtful(subject, candidates, best)]);
  return {
    isAlarm: false,
    recommended,
    lines: [
      `Use ${oneOf(namesOf(subject, recommended))}.`,
      ...fasterButStuck(subject, group, best),
      ...contrast(subject, group, recommended),
    ],
  };
}

/** The sentences that a summary begins with. */
export function headline(subject: Subject): Headline {
  const { brokenClaims, uncaughtControls } = subject.judgement;
  if (brokenClaims.length > 0) {
    const [first = '', ...more] = brokenClaims;
    const others = more.length === 0 ? '' : `, and ${plural(more.length, 'other')}`;
    return nothing(
      true,
      `A CLAIM WAS BROKEN: ${visible(first)}${others} did not exclude. Do not rely on it here.`,
    );
  }
  if (uncaughtControls.length > 0) {
    return nothing(
      true,
      'INCONCLUSIVE: a negative control passed, so a lock that passed says little.',
      `Not caught: ${visible(uncaughtControls[0] ?? '')}; raise --handoffs or --processes.`,
    );
  }
  const [group] = subject.groups;
  if (group === undefined || !group.cells.some(isMeasured)) return nothing(false, 'Nothing was measured.');
  if (group.conditions.rogues > 0) {
    return nothing(false, 'Rogues took part, which do not ask for the lock: no lock is recommended.');
  }
  return needsProof(group.conditions) ? ofGroup(subject, group) : ofCostsAlone(subject, group);
}
