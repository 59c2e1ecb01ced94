/**
 * What the parts of a page on a run have in common: its groups of cells, which of them stands first, and what is known of its
 * locks.
 */
import { loadStrategy, strategyNames, usualNames } from '../../../strategies/index.js';
import type { Claims, Strategy } from '../../../strategies/strategy.js';
import { visible } from '../../base/visible.js';
import { fileSystemName } from '../../machine/mount-description.js';
import { type Group, groupsOf } from '../../measure/result/groups.js';
import { cellName, isMeasured } from '../../measure/result/result.js';
import type { Cell, Conditions, Result } from '../../measure/result/result-schema.js';
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
  readonly result: Result;
  readonly groups: readonly Group[];
  /** The one of the first screen. */
  readonly primary: Group;
  /** Those that plots of lines tell apart by colour. */
  readonly featured: readonly string[];
  readonly strategies: ReadonlyMap<string, Strategy>;
  readonly controls: ReadonlySet<string>;
  readonly foot: string;
  lock(cell: Pick<Cell, 'strategy' | 'wait'>): Lock;
}

/** How often the holder of a lock was killed, and what came of it: by strategy. */
export type SeenDeaths = ReadonlyMap<string, Outcome>;

const MOST_FEATURED = 7;

/** The strategies of the catalogue that a result names. */
async function known(result: Result): Promise<Map<string, Strategy>> {
  const names = [...new Set(result.cells.map(({ strategy }) => strategy))];
  const loaded = await Promise.all(names.filter((name) => strategyNames.includes(name)).map(loadStrategy));
  return new Map(loaded.map((strategy) => [strategy.name, strategy]));
}

const isMemory = ({ directory }: Conditions): boolean => directory.filesystem === 'tmpfs';

/** How much a group has to tell a reader who looks at one alone: company first, then a disk, then the processors in use. */
function weight({ conditions, cells }: Group, cpus: number): number {
  const { processes, rogues, nfs } = conditions;
  const crowd = processes <= Math.max(2, cpus) ? processes : 2 - processes / 1000;
  return (
    1e6 * (nfs?.clients ?? 0) +
    1e5 * Number(processes > 1 && rogues === 0) +
    1e4 * Number(cells.some(isMeasured)) +
    1e3 * Number(!isMemory(conditions)) +
    crowd
  );
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
  const controls = new Set(
    [...strategies.values()].flatMap(({ family, name }) => (family === 'control' ? name : [])),
  );
  const groups = groupsOf(result, controls);
  const { cpus } = result.environment;
  const [primary] = [...groups].sort((a, b) => weight(b, cpus) - weight(a, cpus));
  if (primary === undefined) return null;
  const locks = new Map<string, Lock>();
  const lock = ({ strategy, wait }: Pick<Cell, 'strategy' | 'wait'>): Lock => {
    const name = cellName({ strategy, wait });
    const found = locks.get(name);
    if (found !== undefined) return found;
    const { claims, family } = strategies.get(strategy) ?? {};
    const outcome = seen.get(strategy) ?? claims?.holderDies;
    const made: Lock = {
      key: `l${locks.size}`,
      name,
      family: family ?? 'other',
      death:
        outcome === undefined || controls.has(strategy)
          ? null
          : { outcome, wasSeen: seen.has(strategy), byLease: claims?.leaseNs !== undefined },
      isControl: controls.has(strategy),
    };
    locks.set(name, made);
    return made;
  };
  for (const cell of result.cells) lock(cell);
  return {
    result,
    groups,
    primary,
    featured: featuredOf(primary),
    strategies,
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
