/**
 * Before anything is measured: are the directories fit, and what works in them? Directories that cannot be used are bad
 * input; strategies that do not work here are a finding.
 */

import { realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { loadStrategy } from '../../../strategies/index.js';
import { strategy as noLock } from '../../../strategies/none.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { messageOf } from '../../base/program.js';
import { UsageError } from '../../base/usage-error.js';
import { quoted } from '../../base/visible.js';

import { isOpenToAll, isTmpfs } from '../../machine/file-system.js';
import { removeLeftovers } from '../../machine/files/leftovers.js';

import type { Identity } from '../../machine/identity.js';
import type { Answer, Finding, LoopCost, ProberJob, ProberMessage, Question } from '../worker/prober.js';
import { Child } from './child.js';
import { destroyAll, type MadeRoundDirectory, makeRoundDirectory } from './round-directory.js';

const MEMORY = '/dev/shm';
/** For one answer, and for the start before the first one. */
const PATIENCE_MS = 30_000;

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

/** The real path of an existing directory. `by`: what named it. Throws UsageError. */
export function existingDirectory(path: string, by = '--dir'): string {
  try {
    if (!statSync(path).isDirectory()) {
      throw new UsageError(`${by}: a directory was expected, ${quoted(path)} is none`, 'name a directory');
    }
    return realpathSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const what = code === 'ENOENT' ? 'does not exist' : `cannot be looked at (${code})`;
    throw new UsageError(
      `${by}: an existing directory was expected, ${quoted(path)} ${what}`,
      'make it first, or name another',
    );
  }
}

/** The real path of the directory that the environment names for temporary files, or /tmp. Throws UsageError. */
export const temporaryDirectory = (): string => existingDirectory(tmpdir(), 'TMPDIR');

/** Asks a prober; the answers come in the order of the questions. An answer is null when the prober died of it. */
async function ask(
  questions: readonly Question[],
  identity: Identity | null,
  prefix: readonly string[] = [],
): Promise<(Answer | string)[]> {
  const answers: (Answer | string)[] = [];
  while (answers.length < questions.length) {
    const job: ProberJob = { parentPid: process.pid, identity, questions: questions.slice(answers.length) };
    const prober = new Child<ProberMessage>(new URL('../worker/prober.js', import.meta.url), job, { prefix });
    let hung = false;
    const timer = setTimeout(() => {
      hung = true;
      prober.kill();
    }, PATIENCE_MS);
    try {
      while (answers.length < questions.length) {
        answers.push((await prober.next()).answer);
        // For each answer, not for all: over NFS, on emulated processors, a catalogue takes a minute.
        timer.refresh();
      }
    } catch (error) {
      const why = messageOf(error);
      answers.push(hung ? `no answer after ${PATIENCE_MS / 1000} s` : why);
    } finally {
      clearTimeout(timer);
      prober.kill();
      await prober.gone;
    }
  }
  return answers;
}

/** A place, or the error that kept it from being made. */
function tryPlace(
  directory: string,
  strategy: Strategy,
  identity: Identity | null,
): MadeRoundDirectory | Error {
  try {
    return makeRoundDirectory(directory, 1, strategy, identity);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Throws UsageError if the workers cannot make, reach and write files in one of the directories. */
export async function requireUsable(
  directories: readonly string[],
  identity: Identity | null,
): Promise<void> {
  const roundDirectories: MadeRoundDirectory[] = [];
  const user = identity === null ? 'this user' : `uid ${identity.uid}, to which the workers drop`;
  try {
    for (const directory of directories) {
      const roundDirectory = tryPlace(directory, noLock, identity);
      if (roundDirectory instanceof Error) {
        const { code = roundDirectory.message, syscall } = roundDirectory as NodeJS.ErrnoException;
        // Root made the directory; what failed then is what the workers' user did in it.
        const reach = identity !== null && code === 'EACCES' && syscall !== 'mkdir';
        throw new UsageError(
          reach
            ? `--dir: ${quoted(directory)} cannot be reached by ${user} (${code})`
            : `--dir: a writable directory was expected, ${quoted(directory)} refuses a new file (${code})`,
          reach ? CURE_OF_REACH : CURES[code],
        );
      }
      roundDirectories.push(roundDirectory);
    }
    const answers = await ask(
      roundDirectories.map(({ job }) => ({ about: 'round-directory', roundDirectory: job })),
      identity,
    );
    answers.forEach((answer, i) => {
      const problem =
        typeof answer === 'string' ? answer : answer.about === 'round-directory' ? answer.problem : null;
      if (problem === null) return;
      const directory = quoted(directories[i] ?? '');
      throw new UsageError(
        problem === 'EACCES' && identity !== null
          ? `--dir: ${directory} cannot be reached by ${user} (${problem})`
          : `--dir: a writable directory was expected, a test file in ${directory} failed (${problem})`,
        problem === 'EACCES' && identity !== null ? CURE_OF_REACH : CURES[problem],
      );
    });
  } finally {
    destroyAll(roundDirectories);
  }
}

/** What works where: `findings[strategy name][directory]`, and what the loop costs. */
export interface Look {
  /** By name. From here on a strategy is its loaded object; its name travels to processes, and into results. */
  readonly strategies: Readonly<Record<string, Strategy>>;
  readonly findings: Readonly<Record<string, Readonly<Record<string, Finding>>>>;
  /** null if it could not be measured. */
  readonly loop: LoopCost | null;
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
  removeLeftovers([...directories, memoryDirectory()], identity);
  const strategies: Record<string, Strategy> = {};
  const findings: Record<string, Record<string, Finding>> = {};
  const roundDirectories: MadeRoundDirectory[] = [];
  const asked: { name: string; directory: string; roundDirectory: MadeRoundDirectory }[] = [];
  try {
    for (const name of names) {
      const strategy = await loadStrategy(name);
      strategies[name] = strategy;
      findings[name] = {};
      for (const directory of directories) {
        const roundDirectory = tryPlace(directory, strategy, identity);
        if (roundDirectory instanceof Error) {
          findings[name][directory] = { available: false, reason: messageOf(roundDirectory) };
        } else {
          roundDirectories.push(roundDirectory);
          asked.push({ name, directory, roundDirectory });
        }
      }
    }
    const questions: Question[] = asked.map(({ name, roundDirectory }) => ({
      about: 'strategy',
      strategy: name,
      roundDirectory: roundDirectory.job,
    }));
    const answers = await ask([...questions, { about: 'empty loop' }], identity, prefix);
    asked.forEach(({ name, directory }, i) => {
      const answer = answers[i];
      const found: Finding =
        typeof answer === 'object' && answer.about === 'strategy'
          ? answer.found
          : { available: false, reason: `trying it out failed: ${String(answer)}` };
      findings[name] = { ...findings[name], [directory]: found };
    });
    const last = answers.at(-1);
    const loop = typeof last === 'object' && last.about === 'empty loop' ? last.cost : null;
    return { strategies, findings, loop };
  } finally {
    destroyAll(roundDirectories);
  }
}
