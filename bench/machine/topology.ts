/**
 * Which processors are near each other, and which worker shall run on which. How long a contended word or a lock takes to
 * change hands depends on it: two hardware threads of one core share its caches, two packages share none.
 * Source: Documentation/admin-guide/cputopology.rst and Documentation/ABI/stable/sysfs-devices-system-cpu of the kernel.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { allowedProcessors } from '../../strategies/posix/affinity.js';

/** Groups are named by any number that is the same for all their members and for nobody else. */
export interface Processor {
  /** As the kernel numbers them; numbers may be missing. */
  readonly processor: number;
  readonly package: number;
  /** Memory that is near; null where the kernel does not tell. */
  readonly node: number | null;
  /** Who shares the last level of cache; null where the kernel does not tell. */
  readonly lastLevelCache: number | null;
  /** Hardware threads of one core have the same one. */
  readonly core: number;
}

/** `compact`: as near together as possible. `spread`: as far apart as possible. */
export type PlacementKind = 'compact' | 'spread';

/** The lowest number of a list as the kernel writes it, `0-3,8`: a name for the group. Null if it is none. */
export function lowestOf(list: string): number | null {
  const numbers = list.match(/\d+/g)?.map(Number) ?? [];
  return numbers.length === 0 ? null : Math.min(...numbers);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

function entries(directory: string, pattern: RegExp): string[] {
  try {
    return readdirSync(directory).filter((name) => pattern.test(name));
  } catch {
    return [];
  }
}

function lastLevelCache(directory: string): number | null {
  const caches = entries(directory, /^index\d+$/).map((name) => ({
    level: Number(read(`${directory}/${name}/level`) ?? 0),
    sharers: read(`${directory}/${name}/shared_cpu_list`) ?? '',
  }));
  const last = caches.sort((a, b) => b.level - a.level)[0];
  return last === undefined ? null : lowestOf(last.sharers);
}

/**
 * Where these processors are. `root`: the directory of sysfs. Throws nothing: a processor about which nothing is told is a
 * core of its own in package 0.
 */
export function readTopology(
  processors: readonly number[] = allowedProcessors(),
  root = '/sys/devices/system/cpu',
): Processor[] {
  return processors.map((processor) => {
    const directory = `${root}/cpu${processor}`;
    const [node] = entries(directory, /^node\d+$/);
    return {
      processor,
      // -1 is written where the firmware does not tell.
      package: Math.max(0, Number(read(`${directory}/topology/physical_package_id`) ?? 0)),
      node: node === undefined ? null : Number(node.slice('node'.length)),
      lastLevelCache: lastLevelCache(`${directory}/cache`),
      // Not core_id: it repeats in each package, and on some machines in each cluster of a package.
      core: lowestOf(read(`${directory}/topology/thread_siblings_list`) ?? '') ?? processor,
    };
  });
}

type Level = (processor: Processor) => number | null;
const OUTSIDE_CORES: readonly Level[] = [(p) => p.package, (p) => p.node, (p) => p.lastLevelCache];
const LEVELS: readonly Level[] = [...OUTSIDE_CORES, (p) => p.core];

function groupBy(processors: readonly Processor[], level: Level): Processor[][] {
  const groups = new Map<number | null, Processor[]>();
  for (const processor of processors) {
    const key = level(processor);
    groups.set(key, [...(groups.get(key) ?? []), processor]);
  }
  return [...groups.values()];
}

/**
 * `count` processors, or all: those of the first group that has enough; if none has, the largest one's and then those of
 * the rest. Within a group likewise.
 */
function nearest(processors: readonly Processor[], count: number, levels: readonly Level[]): Processor[] {
  const [level, ...inner] = levels;
  if (level === undefined || count <= 0) return processors.slice(0, Math.max(0, count));
  const groups = groupBy(processors, level);
  const enough = groups.find((group) => group.length >= count);
  if (enough !== undefined) return nearest(enough, count, inner);
  const [largest] = groups.sort((a, b) => b.length - a.length);
  if (largest === undefined) return [];
  const others = processors.filter((processor) => !largest.includes(processor));
  return [...nearest(largest, largest.length, inner), ...nearest(others, count - largest.length, levels)];
}

/** All of them, neighbours in the order being in different groups as long as there are any: one of each group in turn. */
function alternating(processors: readonly Processor[], levels: readonly Level[]): Processor[] {
  const [level, ...inner] = levels;
  if (level === undefined) return [...processors];
  const groups = groupBy(processors, level).map((group) => alternating(group, inner));
  const longest = Math.max(0, ...groups.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => groups.flatMap((group) => group[i] ?? [])).flat();
}

/** First one thread of every core, then the second ones: a core is shared only when none is free. */
function farthest(processors: readonly Processor[]): Processor[] {
  const cores = groupBy(processors, (p) => p.core);
  const most = Math.max(0, ...cores.map(({ length }) => length));
  return Array.from({ length: most }, (_, i) => cores.flatMap((core) => core[i] ?? [])).flatMap((threads) =>
    alternating(threads, OUTSIDE_CORES),
  );
}

/**
 * The processor for each worker. Workers that outnumber the processors begin again with the first, so that no processor has
 * two more than another. Throws RangeError for a topology of no processors.
 */
export function placement(kind: PlacementKind, workers: number, topology: readonly Processor[]): number[] {
  if (topology.length === 0) throw new RangeError('at least one processor was expected, got none');
  const ascending = [...topology].sort((a, b) => a.processor - b.processor);
  const order = kind === 'compact' ? nearest(ascending, workers, LEVELS) : farthest(ascending);
  return Array.from({ length: workers }, (_, i) => (order[i % order.length] as Processor).processor);
}
