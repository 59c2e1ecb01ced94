/**
 * What the parts of a page on a run have in common: its groups of cells, which of them stands first, and what is known of its
 * locks.
 */
import { allNames, loadStrategy, usualNames } from '../../../strategies/index.js';
import type { Claims, Strategy } from '../../../strategies/strategy.js';
import { visible } from '../../base/visible.js';
import { fileSystemName } from '../../machine/mount-description.js';
import { type Group, groupsOf } from '../../measure/result/groups.js';
import { cellName, lockName } from '../../measure/result/result.js';
import type { Cell, Conditions, Result } from '../../measure/result/result-schema.js';
import { claimsOf, type Subject, subjectOf } from '../../run/summary/subject.js';
import { footOf } from '../environment.js';

/** In the order of the legends; what the catalogue does not know is the last. */
export const FAMILIES = [
  'kernel file lock',
  'name in a directory',
  'shared memory',
  'semaphore',
  'socket',
  'database',
  'control',
  'other',
] as const;
export type Family = (typeof FAMILIES)[number];

export type Outcome = Claims['holderDies'];

export interface Death {
  readonly outcome: Outcome;
  /** In a result of crash on the same page, or else by the strategy's claim. */
  readonly wasSeen: boolean;
  /** It is taken over because a lease ran out, be its holder dead or only slow. */
  readonly byLease: boolean;
}

export interface Lock {
  /** What marks it in the page: of letters and digits. */
  readonly key: string;
  readonly name: string;
  readonly family: Family;
  readonly death: Death | null;
  readonly isControl: boolean;
}

export interface RunView {
  /** As the terminal's summary sees it. */
  readonly subject: Subject;
  readonly result: Result;
  readonly groups: readonly Group[];
  /** The one of the first screen. */
  readonly primary: Group;
  /** Those that plots of lines tell apart by colour. */
  readonly featured: readonly string[];
  readonly controls: ReadonlySet<string>;
  readonly foot: string;
  lock(cell: Cell): Lock;
}

/** How often the holder of a lock was killed, and what came of it: by strategy. */
export type SeenDeaths = ReadonlyMap<string, Outcome>;

const MOST_FEATURED = 7;

/** The strategies of the catalogue that a result names. */
async function known(result: Result): Promise<Map<string, Strategy>> {
  const names = [...new Set(result.cells.map(({ strategy }) => strategy))];
  const loaded = await Promise.all(names.filter((name) => allNames.includes(name)).map(loadStrategy));
  return new Map(loaded.map((strategy) => [strategy.name, strategy]));
}

function featuredOf({ ranked }: Group): string[] {
  const usual = ranked.filter(({ strategy }) => usualNames.includes(strategy));
  const [slowest] = ranked.slice(-1);
  const chosen = new Set([
    ...usual.slice(0, MOST_FEATURED - 1),
    ...(slowest === undefined ? [] : [slowest]),
    ...ranked,
  ]);
  const names = [...new Set([...chosen].map(cellName))].slice(0, MOST_FEATURED);
  return ranked.map(cellName).filter((name) => names.includes(name));
}

/** `seen`: deaths in other results of the page. A result without cells has no view. */
export async function viewOf(result: Result, seen: SeenDeaths): Promise<RunView | null> {
  const strategies = await known(result);
  const subject = subjectOf(result, strategies);
  const { controls } = subject;
  const [primary] = subject.groups;
  if (primary === undefined) return null;
  const locks = new Map<string, Lock>();
  const lock = (cell: Cell): Lock => {
    const { strategy } = cell;
    const name = cellName(cell);
    const found = locks.get(name);
    if (found !== undefined) return found;
    const claims = claimsOf(subject, cell);
    const seenHere = seen.get(lockName(cell));
    const outcome = seenHere ?? claims?.holderDies;
    const made: Lock = {
      key: `l${locks.size}`,
      name,
      family: claims === undefined ? 'other' : (strategies.get(strategy)?.family ?? 'other'),
      death:
        outcome === undefined || controls.has(strategy)
          ? null
          : { outcome, wasSeen: seenHere !== undefined, byLease: claims?.leaseNs !== undefined },
      isControl: controls.has(strategy),
    };
    locks.set(name, made);
    return made;
  };
  for (const cell of result.cells) lock(cell);
  return {
    subject,
    result,
    groups: groupsOf(result, controls),
    primary,
    featured: featuredOf(primary),
    controls,
    foot: footOf(result),
    lock,
  };
}

const MOST_OF_A_PATH = 22;

/** The end of a long path, which tells more than its beginning. */
const shortPath = (path: string): string =>
  path.length <= MOST_OF_A_PATH ? path : `…${path.slice(1 - MOST_OF_A_PATH)}`;

/** In two lines: where, and who. */
export function shortConditions({
  directory,
  processes,
  readers,
  nfs,
  number,
  rogues,
}: Conditions): [string, string] {
  const who = [
    `${processes} ${processes === 1 ? 'process' : 'processes'}`,
    ...(readers > 0 ? [`${readers} reading`] : []),
    ...(rogues > 0 ? [`${rogues} without lock`] : []),
    ...(nfs === undefined || nfs.clients < 2 ? [] : [`${nfs.clients} clients`]),
    ...(number === 'kept-open' ? [] : [number]),
  ];
  return [`${shortPath(visible(directory.path))} (${fileSystemName(directory)})`, who.join(', ')];
}
