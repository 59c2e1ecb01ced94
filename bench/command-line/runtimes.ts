/**
 * What workers are written in, from text to types.
 */
import { allNames, namesOnlyIn, usualNames } from '../../strategies/index.js';
import { suggestion } from '../base/suggestion.js';
import { UsageError } from '../base/usage-error.js';
import { quoted } from '../base/visible.js';
import type { Runtime, StrategySpec } from '../measure/worker/strategy-spec.js';
import { Option } from './commander.js';
import { list } from './parse.js';
import { parseStrategySpecs } from './strategy-list.js';

const RUNTIMES = ['node', 'c', 'python'] as const;

const OWN = 'own';

/** Throws UsageError. */
export function parseRuntimes(text = 'node'): Runtime[] {
  const names = [...new Set(list(text))].map((name) => {
    const runtime = RUNTIMES.find((one) => one === name);
    if (runtime !== undefined) return runtime;
    throw new UsageError(
      `--runtime: one of ${RUNTIMES.join(', ')} was expected, got ${quoted(name)}`,
      suggestion(name, RUNTIMES) ?? 'for example --runtime node,c',
    );
  });
  if (names.length > 0) return names;
  throw new UsageError(`--runtime: a list was expected, got ${quoted(text)}`, 'for example --runtime node,c');
}

export interface ContenderOptions {
  readonly runtime?: string;
  readonly worker?: string;
  readonly name?: string;
  readonly rogue?: string;
}

/** Which strategies are meant where none is named: without a lock of the user's own, and beside one. */
interface Unnamed {
  readonly usual: readonly string[];
  readonly besideOwn: readonly string[];
}

/**
 * Of a measurement: without these beside it, a user's own lock has nothing to be compared with, and nothing says that the
 * checks work.
 */
const MEASURED: Unnamed = { usual: usualNames, besideOwn: ['fcntl', 'none', 'broken'] };

export const runtimeOption = () =>
  new Option('--runtime <list>', 'what workers are written in: node, c, python (default: node)');
export const workerOption = () =>
  new Option('--worker <command>', 'a lock of your own, in a program that speaks the worker protocol');
export const nameOption = () => new Option('--name <name>', 'what that lock is called (default: own)');

/** A lock in a program of the user's, by the name that results have for it. */
interface OwnLock extends StrategySpec {
  readonly runtime: { readonly command: string };
}

/** A user's own lock. Throws UsageError. */
export function ownLockOf(command: string, name = OWN): OwnLock {
  if (command.trim() === '') {
    throw new UsageError(
      `a worker's command was expected, got ${quoted(command)}`,
      "for example 'python3 my_worker.py'",
    );
  }
  if (!/^[A-Za-z][\w.-]{0,39}$/.test(name)) {
    throw new UsageError(
      `--name: a name of letters, digits, "-", "_" and "." was expected, got ${quoted(name)}`,
      'for example --name mylock',
    );
  }
  return { strategy: name, policy: null, named: true, runtime: { command } };
}

/** The one of --worker, or null if none was named. Throws UsageError. */
function namedWorker({ worker, name, rogue }: ContenderOptions): OwnLock | null {
  if (worker === undefined) {
    if (name === undefined) return null;
    throw new UsageError('--name: it names the lock of --worker, which is not there', 'add --worker');
  }
  if (rogue !== undefined) {
    throw new UsageError(
      '--rogue: only lockbench’s own workers take numbers without a lock',
      'leave out --rogue or --worker',
    );
  }
  const own = ownLockOf(worker, name);
  if (allNames.includes(own.strategy) || own.strategy === 'all') {
    throw new UsageError(
      `--name: a name that no strategy has was expected, got "${own.strategy}"`,
      `for example --name my-${own.strategy}`,
    );
  }
  return own;
}

/** What no list of the catalogue has, since it is written in one of these languages alone. */
export const onlyIn = (runtimes: readonly Runtime[]): StrategySpec[] =>
  runtimes.flatMap((runtime) =>
    namesOnlyIn(runtime).map((strategy) => ({ strategy, policy: null, named: false, runtime })),
  );

/**
 * The strategies named, or those that are meant where none is, each in every runtime; and the user's own lock. Throws
 * UsageError.
 */
export function contendersOf(
  named: readonly string[] | null,
  options: ContenderOptions,
  { usual, besideOwn }: Unnamed = MEASURED,
): StrategySpec[] {
  const own = namedWorker(options);
  const runtimes = parseRuntimes(options.runtime);
  const specs =
    named === null
      ? (own === null ? usual : besideOwn).map((strategy) => ({ strategy, policy: null, named: false }))
      : parseStrategySpecs(named);
  const all: StrategySpec[] = specs.flatMap((spec) => runtimes.map((runtime) => ({ ...spec, runtime })));
  if (named?.includes('all')) all.push(...onlyIn(runtimes));
  return own === null ? all : [own, ...all];
}
