/**
 * Which locks see each other, for people: groups that exclude one another, the matrix, and what is out of the ordinary.
 */
import { strategyNames } from '../../strategies/index.js';
import { plural } from '../base/format.js';
import { visible } from '../base/visible.js';
import { nextLine, pageStep } from '../text/next-line.js';
import { tableWidth } from '../text/table.js';
import { list, wrapped } from '../text/words.js';
import { DIFFERENT_NAMES, NO_ROUND } from './compat-reason.js';
import type { CompatCell, CompatPlace, CompatResult } from './compat-schema.js';
import { matrixOf } from './compat-table.js';

/** Up to this many pairs of a kind are named; of more, only their number is given. */
const MOST_TOLD = 12;

/** Of more than so many kinds of names it is told only that they differ. */
const MOST_NAMED = 2;

/** Locks of which each excludes some other of the group, and itself. */
export function groupsOf({ locks, cells }: Pick<CompatPlace, 'locks' | 'cells'>): string[][] {
  const excludes = (one: string, two: string): boolean =>
    cells.some(({ holder, other, verdict }) => holder === one && other === two && verdict === 'excludes');
  const groups: string[][] = [];
  for (const { name } of locks.filter((lock) => excludes(lock.name, lock.name))) {
    const near = groups.filter((group) => group.some((one) => excludes(one, name)));
    for (const group of near) groups.splice(groups.indexOf(group), 1);
    groups.push([...near.flat(), name]);
  }
  return groups;
}

/** Reasons, the most frequent first. */
function reasonsOf(cells: readonly CompatCell[]): string[] {
  const counts = new Map<string, number>();
  for (const { reason } of cells) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([reason]) => reason);
}

const within = (cells: readonly CompatCell[], group: readonly string[]): CompatCell[] =>
  cells.filter(({ holder, other }) => group.includes(holder) && group.includes(other));

function groupLines({ locks, cells }: CompatPlace): string[] {
  const groups = groupsOf({ locks, cells });
  const several = groups.filter(({ length }) => length > 1);
  const alone = groups.filter(({ length }) => length === 1).flat();
  return [
    ...several.map((group) => {
      const inside = within(cells, group);
      const held = inside.filter(({ verdict }) => verdict === 'excludes');
      const all =
        held.length === inside.length ? 'exclude each other' : 'exclude each other, but not all of them';
      return `${list(group)} ${all}: ${reasonsOf(held.filter(({ holder, other }) => holder !== other)).join('; ')}.`;
    }),
    ...(alone.length === 0
      ? []
      : [
          `${list(alone)} ${alone.length === 1 ? 'excludes' : 'exclude'} only ${alone.length === 1 ? 'itself' : 'themselves'}.`,
        ]),
  ];
}

function apartLine(cells: readonly CompatCell[]): string[] {
  const apart = cells.filter(
    ({ verdict, holder, other }) => verdict === 'does-not-see-it' && holder !== other,
  );
  if (apart.length === 0) return [];
  const reasons = reasonsOf(apart);
  const named = reasons.filter((reason) => reason.startsWith(DIFFERENT_NAMES));
  const few =
    named.length <= MOST_NAMED
      ? reasons
      : [...reasons.filter((reason) => !named.includes(reason)), DIFFERENT_NAMES];
  return [`Apart, ${plural(apart.length / 2, 'pair')}: ${few.join('; ')}.`];
}

/** What is neither this nor that: a pair each, once. */
function oddLines(cells: readonly CompatCell[]): string[] {
  const odd = cells.filter(
    ({ verdict, holder, other, reason }) =>
      reason !== NO_ROUND && verdict !== 'excludes' && (verdict !== 'does-not-see-it' || holder === other),
  );
  const lines = odd.flatMap(({ holder, other, verdict, gotIn, reason }, i) => {
    const isTold = odd
      .slice(0, i)
      .some((before) => before.holder === other && before.other === holder && before.reason === reason);
    if (isTold) return [];
    const pair = holder === other ? `${holder} and another` : `${holder} and ${other}`;
    switch (verdict) {
      case 'one-way':
        return gotIn === true ? [`! ${other} gets in while ${holder} is held, not the other way round`] : [];
      case 'lets-two-in':
        return [`! ${pair}: ${reason}`];
      case 'does-not-see-it':
        return [`! ${holder} does not keep out another ${holder}`];
      default:
        return [
          `! ${verdict === 'failed' ? 'Failed' : 'Not proven'}: ${holder} held, ${other} tries: ${reason}`,
        ];
    }
  });
  const more = lines.length - MOST_TOLD;
  return more > 0
    ? [...lines.slice(0, MOST_TOLD), `! ${more} more of this kind: --json has them all`]
    : lines;
}

/** What is seen of each lock while it is held. */
function seenLines({ locks }: CompatPlace): string[] {
  return locks.flatMap(({ name, seen }) => {
    if (seen === null) return [];
    const { kernel, names, lslocks } = seen;
    const seenOf = [
      ...kernel.map(({ type, file }) => `${type} on "${file}"`),
      ...names.map((one) => `the name "${one}"`),
    ];
    const byCommand =
      lslocks === null || kernel.length === 0 ? '' : `; lslocks shows ${list(lslocks) || 'nothing'}`;
    return [`${name}, while it is held: ${list(seenOf) || 'nothing in the directory'}${byCommand}.`];
  });
}

/** What is out of the ordinary, and what the matrix does not tell of. */
function remarks({ cells, unavailable, controlCaught }: CompatPlace): string[] {
  return [
    ...oddLines(cells),
    ...(cells.some(({ reason }) => reason === NO_ROUND)
      ? ['Not proven (?): a held lock is refused, but nobody contended, because --handoffs is 0.']
      : []),
    ...(controlCaught === false
      ? ['! INCONCLUSIVE: the broken lock was not caught; raise --handoffs and --budget']
      : []),
    ...unavailable.map(({ name, reason }) => `! Unavailable: ${name}: ${reason}`),
  ];
}

/** All that is said of a place besides the matrix: which exclude one another first. */
export const compatFindings = (place: CompatPlace): string[] => [
  ...groupLines(place),
  ...apartLine(place.cells),
  ...remarks(place),
];

const placeLines = (place: CompatPlace, verbose: boolean, width: number): string[] => [
  ...[...groupLines(place), ...apartLine(place.cells)].map(visible),
  '',
  ...(place.cells.length === 0 ? [`No pair was tried: ${visible(place.where)}.`] : matrixOf(place, width)),
  '',
  ...(verbose ? [...seenLines(place).map(visible), ''] : []),
  ...remarks(place).map(visible),
];

/** What one would ask next of the first lock of the catalogue. */
function next(places: readonly CompatPlace[]): string[] {
  const known = places
    .flatMap(({ locks }) => locks)
    .map(({ strategy }) => strategy)
    .find((name) => strategyNames.includes(name));
  const steps = known === undefined ? [] : [`lockbench crash ${known}`, `lockbench explain ${known}`];
  return places.length === 0 ? [] : [nextLine([...steps, ...pageStep()])];
}

export function compatText(
  { places }: CompatResult,
  { verbose = false, width = tableWidth() }: { readonly verbose?: boolean; readonly width?: number } = {},
): string {
  const texts = places.map((place) => wrapped(placeLines(place, verbose, width).join('\n').trim(), width));
  return [...texts, ...next(places)].join('\n\n');
}
