/**
 * The catalogue: one line per strategy, in the order in which `list` shows them. Each is loaded on demand, so that a
 * worker pays only for its own.
 */
import type { Strategy } from './strategy.js';

const catalogue: Readonly<Record<string, () => Promise<{ strategy: Strategy }>>> = {
  none: () => import('./none.js'),
  fcntl: () => import('./fcntl.js'),
  'fcntl-range': () => import('./fcntl-range.js'),
  'fcntl-fs-ext': () => import('./fcntl-fs-ext.js'),
  'os-lock': () => import('./os-lock.js'),
  ofd: () => import('./ofd.js'),
  'fs-native-extensions': () => import('./fs-native-extensions.js'),
  lockf: () => import('./lockf.js'),
  flock: () => import('./flock.js'),
  'flock-fs-ext': () => import('./flock-fs-ext.js'),
  excl: () => import('./excl.js'),
  lockfile: () => import('./lockfile.js'),
  'excl-pid': () => import('./excl-pid.js'),
  'excl-stale': () => import('./excl-stale.js'),
  link: () => import('./link.js'),
  symlink: () => import('./symlink.js'),
  mkdir: () => import('./mkdir.js'),
  'proper-lockfile': () => import('./proper-lockfile.js'),
  rename: () => import('./rename.js'),
  trunc: () => import('./trunc.js'),
  sqlite: () => import('./sqlite.js'),
  'shm-flag': () => import('./shm-flag.js'),
  ticket: () => import('./ticket.js'),
  futex: () => import('./futex.js'),
  'robust-mutex': () => import('./robust-mutex.js'),
  rwlock: () => import('./rwlock.js'),
  'posix-sem': () => import('./posix-sem.js'),
  'sysv-sem': () => import('./sysv-sem.js'),
  'sysv-sem-undo': () => import('./sysv-sem-undo.js'),
  'pipe-token': () => import('./pipe-token.js'),
  eventfd: () => import('./eventfd.js'),
  port: () => import('./port.js'),
  'abstract-socket': () => import('./abstract-socket.js'),
  broken: () => import('./broken.js'),
};

/** Those that another language alone has: there is no point in them beside an engine, or they are a library of it. */
const elsewhere: Readonly<
  Record<string, { onlyIn: Strategy['onlyIn']; load: () => Promise<{ strategy: Strategy }> }>
> = {
  ttas: { onlyIn: 'c', load: () => import('./ttas.js') },
  mcs: { onlyIn: 'c', load: () => import('./mcs.js') },
  clh: { onlyIn: 'c', load: () => import('./clh.js') },
  'spin-park': { onlyIn: 'c', load: () => import('./spin-park.js') },
  filelock: { onlyIn: 'python', load: () => import('./filelock.js') },
};

/** Those that are written in TypeScript. */
export const strategyNames: readonly string[] = Object.keys(catalogue);

/** Those that are written in this language alone; none for a runtime that is none of ours. */
export const namesOnlyIn = (runtime: unknown): string[] =>
  Object.entries(elsewhere).flatMap(([name, { onlyIn }]) => (onlyIn === runtime ? [name] : []));

/** Every name that a user may say. */
export const allNames: readonly string[] = [...strategyNames, ...Object.keys(elsewhere)];

/**
 * What a run measures by default: the textbook's ways, the other lock that every system has, and both controls.
 * The whole catalogue takes minutes.
 */
export const usualNames: readonly string[] = [
  ...['none', 'fcntl', 'flock', 'flock-fs-ext', 'excl', 'link', 'trunc', 'shm-flag', 'broken'],
];

/** A lock from outside of the catalogue, and why it cannot be used; null if it can. */
interface OutsideLock {
  readonly strategy: Strategy;
  readonly unfit: string | null;
}

/** Those that this process was told of, by name. */
const outsideLocks = new Map<string, OutsideLock>();

/** From now on `loadStrategy` knows this strategy by its name; one of the same name that was registered before is forgotten. */
export function register(strategy: Strategy, unfit: string | null): void {
  outsideLocks.set(strategy.name, { strategy, unfit });
}

/** Whether code may run that is not ours. */
export const hasOutsideLocks = (): boolean => outsideLocks.size > 0;

/** The one that was registered by this name. */
export const registered = (name: string): Strategy | undefined => outsideLocks.get(name)?.strategy;

/** Why a strategy from outside does not fit the contract; null if it does, and for those of the catalogue. */
export const whyUnfit = (name: string): string | null => outsideLocks.get(name)?.unfit ?? null;

/** What a process that has not been told of any lock from outside loads this strategy by. */
export const processName = ({ name, module }: Strategy): string => module ?? name;

/** What a module exports; a CommonJS module's exports may all be its default. */
interface StrategyModule {
  readonly strategy?: Strategy;
  readonly default?: { readonly strategy?: Strategy };
}

/** The strategy that the module of this `file:` URL exports. Throws what importing it throws; null if it exports none. */
export async function strategyOfModule(url: string): Promise<Strategy | null> {
  const module = (await import(url)) as StrategyModule;
  return module.strategy ?? module.default?.strategy ?? null;
}

/**
 * Loads a strategy of the catalogue, one that was registered, or the one that a module exports whose `file:` URL is given.
 * Throws if there is none of that name.
 */
export async function loadStrategy(name: string): Promise<Strategy> {
  const known = registered(name);
  if (known !== undefined) return known;
  if (name.startsWith('file:')) {
    const strategy = await strategyOfModule(name);
    if (strategy === null) throw new Error(`${name} was expected to export a strategy`);
    // What the module exports may be frozen.
    return Object.create(strategy, { module: { value: name } }) as Strategy;
  }
  const load = catalogue[name] ?? elsewhere[name]?.load;
  if (load === undefined) throw new Error(`a strategy of the catalogue was expected, got "${name}"`);
  return (await load()).strategy;
}

/** The same for a process that locks with it by itself: a module from outside is imported here. */
export async function loadToUse(name: string): Promise<Strategy> {
  const strategy = await loadStrategy(name);
  return strategy.module === undefined ? strategy : loadStrategy(strategy.module);
}

/** Those that are written in TypeScript. */
export const loadAll = (): Promise<Strategy[]> => Promise.all(strategyNames.map(loadStrategy));
