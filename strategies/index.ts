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

export const strategyNames: readonly string[] = Object.keys(catalogue);

/**
 * What a run measures by default: the textbook's ways, the other lock that every system has, and both controls.
 * The whole catalogue takes minutes.
 */
export const usualNames: readonly string[] = [
  ...['none', 'fcntl', 'flock', 'flock-fs-ext', 'excl', 'link', 'trunc', 'shm-flag', 'broken'],
];

/**
 * Loads a strategy of the catalogue, or the one that a module exports whose `file:` URL is given: locks that are made to
 * test us. Throws if there is none of that name.
 */
export async function loadStrategy(name: string): Promise<Strategy> {
  if (name.startsWith('file:')) return ((await import(name)) as { strategy: Strategy }).strategy;
  const load = catalogue[name];
  if (load === undefined) throw new Error(`a strategy of the catalogue was expected, got "${name}"`);
  return (await load()).strategy;
}

export const loadAll = (): Promise<Strategy[]> => Promise.all(strategyNames.map(loadStrategy));
