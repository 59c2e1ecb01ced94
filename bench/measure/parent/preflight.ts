/**
 * Before anything is measured: are the directories fit, and what works in them? Directories that cannot be used are bad
 * input; strategies that do not work here are a finding.
 */

import { realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { loadStrategy, processName, whyUnfit } from '../../../strategies/index.js';
import { strategy as noLock } from '../../../strategies/none.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { meaningOf } from '../../base/errno-names.js';
import { asError, messageOf } from '../../base/error-message.js';
import { ProgramEnded, Told } from '../../base/told.js';
import { UsageError } from '../../base/usage-error.js';
import { quoted } from '../../base/visible.js';
import { isSilent } from '../../machine/answering.js';
import { isOpenToAll, isTmpfs } from '../../machine/file-system.js';
import type { Identity } from '../../machine/identity.js';
import { mostOpenFiles, requireMeans } from '../../machine/means.js';
import type { Finding, LoopCost, Question } from '../worker/prober.js';
import type { ForeignWorker } from './foreign-worker.js';
import {
  clearLeftovers,
  giveUp,
  type KeptDirectory,
  keepDirectory,
  USUAL_PATIENCE_NS,
} from './kept-directories.js';
import { NoAnswer } from './patience.js';
import { ask } from './probing.js';
import { removeAll } from './unremoved.js';

const MEMORY = '/dev/shm';

/**
 * Where what is only for warming up goes: memory, or the temporary directory where there is none to be had. Throws UsageError.
 */
export const memoryDirectory = (): string =>
  isTmpfs(MEMORY) && isOpenToAll(MEMORY) ? realpathSync(MEMORY) : temporaryDirectory();

const CURES: Readonly<Record<string, string>> = {
  EACCES: 'name a directory that this user may write to, with --dir',
  EPERM: 'name a directory that this user may write to, with --dir',
  ENOSPC: 'free some space there, or name another directory with --dir',
  EDQUOT: 'the quota is used up; name another directory with --dir',
  EFBIG: 'files may not grow there: raise the limit on their size (ulimit -f)',
  EROFS: 'it is mounted read-only; name another directory with --dir',
};
const CURE_OF_REACH =
  'the workers do not run as root: name a directory that this user can reach, such as one below /tmp, or use --stay-root';

const noAnswer = (by: string, path: string): UsageError =>
  new UsageError(
    `${by}: the file system of ${quoted(path)} does not answer`,
    'name another directory, or see what serves this one',
  );

/** The real path of an existing directory. `by`: what named it. Throws UsageError. */
export function existingDirectory(path: string, by = '--dir'): string {
  if (isSilent(path)) throw noAnswer(by, path);
  try {
    if (!statSync(path).isDirectory()) {
      throw new UsageError(`${by}: a directory was expected, ${quoted(path)} is none`, 'name a directory');
    }
    return realpathSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const what = code === 'ENOENT' ? 'does not exist' : `cannot be looked at (${meaningOf(code)})`;
    throw new UsageError(
      `${by}: an existing directory was expected, ${quoted(path)} ${what}`,
      'make it first, or name another',
    );
  }
}

/** The real path of the directory that the environment names for temporary files, or /tmp. Throws UsageError. */
export const temporaryDirectory = (): string => existingDirectory(tmpdir(), 'TMPDIR');

/** A place, or the error that kept it from being made. */
async function tryPlace(
  directory: string,
  strategy: Strategy,
  identity: Identity | null,
): Promise<KeptDirectory | Error> {
  try {
    return await keepDirectory(directory, 1, strategy, identity, USUAL_PATIENCE_NS);
  } catch (error) {
    return asError(error);
  }
}

const destroyAll = (made: readonly KeptDirectory[]): Promise<void> =>
  removeAll(made.map((one) => () => one.destroy()));

/**
 * Returns those of the directories that do not answer. Throws UsageError if the workers cannot make, reach and write files in
 * one of the others.
 */
async function silentAmong(directories: readonly string[], identity: Identity | null): Promise<string[]> {
  requireMeans();
  const silent: string[] = [];
  const answering: string[] = [];
  const roundDirectories: KeptDirectory[] = [];
  const user = identity === null ? 'this user' : `uid ${identity.uid}, to which the workers drop`;
  try {
    for (const directory of directories) {
      const roundDirectory = await tryPlace(directory, noLock, identity);
      if (roundDirectory instanceof Error) {
        if (roundDirectory instanceof NoAnswer) {
          silent.push(directory);
          continue;
        }
        // Its process could not be started, or was killed: that is not the directory's fault.
        if (roundDirectory instanceof ProgramEnded) throw roundDirectory;
        const { code = roundDirectory.message, syscall } = roundDirectory as NodeJS.ErrnoException;
        // Root made the directory; what failed then is what the workers' user did in it.
        const reach = identity !== null && code === 'EACCES' && syscall !== 'mkdir';
        throw new UsageError(
          reach
            ? `--dir: ${quoted(directory)} cannot be reached by ${user} (${meaningOf(code)})`
            : `--dir: a writable directory was expected, ${quoted(directory)} refuses a new file (${meaningOf(code)})`,
          reach ? CURE_OF_REACH : CURES[code],
        );
      }
      roundDirectories.push(roundDirectory);
      answering.push(directory);
    }
    const answers = await ask(
      roundDirectories.map(({ job }) => ({ about: 'round-directory', roundDirectory: job })),
      identity,
    );
    answers.forEach((answer, i) => {
      const path = answering[i] ?? '';
      if (answer.about === 'nothing' && answer.hangs) {
        giveUp(path);
        silent.push(path);
        return;
      }
      const directory = quoted(path);
      // Its process has ended, which is not the directory's fault.
      if (answer.about === 'nothing')
        throw new Told(`whether ${directory} can be used could not be tried: ${answer.reason}`);
      const problem = answer.about === 'round-directory' ? answer.problem : null;
      if (problem === null) return;
      throw new UsageError(
        problem === 'EACCES' && identity !== null
          ? `--dir: ${directory} cannot be reached by ${user} (${meaningOf(problem)})`
          : `--dir: a writable directory was expected, a test file in ${directory} failed (${meaningOf(problem)})`,
        problem === 'EACCES' && identity !== null ? CURE_OF_REACH : CURES[problem],
      );
    });
    return silent;
  } finally {
    await destroyAll(roundDirectories);
  }
}

/** Throws UsageError if the workers cannot make, reach and write files in one of the directories. */
export async function requireUsable(
  directories: readonly string[],
  identity: Identity | null,
): Promise<void> {
  const [silent] = await silentAmong(directories, identity);
  if (silent !== undefined) throw noAnswer('--dir', silent);
}

/**
 * Likewise, but one that does not answer keeps no other from being measured: returns those that do not, and throws if there
 * is no other.
 */
export async function requireSomeUsable(
  directories: readonly string[],
  identity: Identity | null,
): Promise<readonly string[]> {
  const silent = await silentAmong(directories, identity);
  const [first] = silent;
  if (first !== undefined && silent.length === directories.length) throw noAnswer('--dir', first);
  return silent;
}

/** What works where: `findings[name][directory]`, and what the loop costs. A name is that of a contender: `fcntl [c]`. */
export interface Look {
  /** By contender. From here on a strategy is its loaded object; its name travels to processes, and into results. */
  readonly strategies: Readonly<Record<string, Strategy>>;
  readonly findings: Readonly<Record<string, Readonly<Record<string, Finding>>>>;
  /** By contender, those that are not ours to run. */
  readonly foreign?: Readonly<Record<string, ForeignWorker>>;
  /** null if it could not be measured. */
  readonly loop: LoopCost | null;
  /** Why not one strategy could be tried, which is the fault of none; left out if one could. */
  readonly untried?: string;
}

/** What a process that keeps directories has open besides, and what removing one takes. */
const DESCRIPTORS_BESIDE = 32;
const DESCRIPTORS_OF_EACH = 2;

/** So many directories the process that keeps them may have open at once. */
const mostAtOnce = (): number =>
  Math.max(1, Math.floor((mostOpenFiles() - DESCRIPTORS_BESIDE) / DESCRIPTORS_OF_EACH));

/** What is tried at once: a directory each. */
async function lookForSome(
  names: readonly string[],
  directories: readonly string[],
  identity: Identity | null,
  prefix: readonly string[],
): Promise<Look> {
  const strategies: Record<string, Strategy> = {};
  const findings: Record<string, Record<string, Finding>> = {};
  const roundDirectories: KeptDirectory[] = [];
  const asked: { name: string; loadedBy: string; directory: string; roundDirectory: KeptDirectory }[] = [];
  try {
    for (const name of names) {
      const strategy = await loadStrategy(name);
      const unfit = whyUnfit(name);
      strategies[name] = strategy;
      findings[name] = {};
      for (const directory of directories) {
        if (unfit !== null) {
          findings[name][directory] = { available: false, reason: unfit };
          continue;
        }
        const roundDirectory = await tryPlace(directory, strategy, identity);
        if (roundDirectory instanceof Error) {
          findings[name][directory] = {
            available: false,
            reason: messageOf(roundDirectory),
            ...(roundDirectory instanceof NoAnswer && { hangs: true }),
          };
        } else {
          roundDirectories.push(roundDirectory);
          asked.push({ name, loadedBy: processName(strategy), directory, roundDirectory });
        }
      }
    }
    const questions: Question[] = asked.map(({ loadedBy, roundDirectory }) => ({
      about: 'strategy',
      strategy: loadedBy,
      roundDirectory: roundDirectory.job,
    }));
    const answers = await ask([...questions, { about: 'empty loop' }], identity, prefix);
    asked.forEach(({ name, directory }, i) => {
      const answer = answers[i];
      const found: Finding =
        answer?.about === 'strategy'
          ? answer.found
          : {
              available: false,
              reason: `trying it out failed: ${answer?.about === 'nothing' ? answer.reason : 'no answer'}`,
            };
      findings[name] = { ...findings[name], [directory]: found };
    });
    const last = answers.at(-1);
    const loop = last?.about === 'empty loop' ? last.cost : null;
    // Not even the loop without a lock: no process could be started.
    const untried = answers.every(({ about }) => about === 'nothing') && asked.length > 0 ? last : undefined;
    return { strategies, findings, loop, ...(untried?.about === 'nothing' && { untried: untried.reason }) };
  } finally {
    await destroyAll(roundDirectories);
  }
}

/**
 * Tries each strategy once in each directory, under the workers' identity, on the host that `prefix` runs a command on.
 * Clears away what killed runs left there.
 */
export async function look(
  names: readonly string[],
  directories: readonly string[],
  identity: Identity | null,
  prefix: readonly string[] = [],
): Promise<Look> {
  await clearLeftovers([...directories, memoryDirectory()], identity);
  const atOnce = mostAtOnce();
  let found = await lookForSome(names.slice(0, atOnce), directories, identity, prefix);
  for (let at = atOnce; at < names.length; at += atOnce) {
    const more = await lookForSome(names.slice(at, at + atOnce), directories, identity, prefix);
    found = {
      strategies: { ...found.strategies, ...more.strategies },
      findings: { ...found.findings, ...more.findings },
      loop: more.loop,
      ...(found.untried !== undefined && more.untried !== undefined && { untried: more.untried }),
    };
  }
  return found;
}

/** Likewise, for who asks what works here, and has no use for a catalogue of which nothing was tried. Throws an Error then. */
export async function lookOrFail(
  names: readonly string[],
  directories: readonly string[],
  identity: Identity | null,
): Promise<Look> {
  const found = await look(names, directories, identity);
  if (found.untried !== undefined) throw new Told(`no strategy could be tried out: ${found.untried}`);
  return found;
}
