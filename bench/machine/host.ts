/**
 * The machine and the program as a result records them: what a sceptic asks for first.
 */
import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { arch, availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Identity } from './identity.js';
import { type MachineFacts, readMachineFacts } from './machine-facts.js';
import { ownPackage, ownVersion, projectRoot } from './project.js';

export interface Environment {
  readonly kernel: string;
  readonly architecture: string;
  readonly cpuModel: string;
  /** Processors that this process may run on. */
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly governor: string | null;
  readonly machine: MachineFacts;
  readonly node: string;
  readonly v8: string;
  readonly packages: Readonly<Record<string, string | null>>;
  readonly lockbench: string;
  /** The clone's commit; "-dirty" behind it if files were changed. */
  readonly gitRevision: string | null;
  readonly uid: number;
  /** To whom the workers dropped; null if they kept our uid. */
  readonly workers: Identity | null;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

/** What git says of `directory`; null where there is no git, or it refuses. */
function git(directory: string, ...args: string[]): string | null {
  try {
    const options: ExecFileSyncOptionsWithStringEncoding = {
      cwd: directory,
      // Variables such as GIT_DIR, which a hook has, name the repository of the caller.
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    };
    // Without optional locks: a commit that its user makes meanwhile must not find the index locked.
    return execFileSync('git', ['--no-optional-locks', ...args], options).trim();
  } catch {
    return null;
  }
}

/**
 * The commit of the repository whose top is `root`, "-dirty" behind it if files were changed. null if it is none: a package
 * that was installed stands in the repository of its user, whose commits say nothing of it.
 */
export function gitRevision(root: string): string | null {
  const [top, revision] = git(root, 'rev-parse', '--show-toplevel', '--short=12', 'HEAD')?.split('\n') ?? [];
  if (top === undefined || revision === undefined || top !== realpathSync(root)) return null;
  // What is being recorded is not a change of the program.
  const changes = git(root, 'status', '--porcelain', '--', '.', ':(exclude)results');
  return changes === '' ? revision : `${revision}-dirty`;
}

function versionOf(packageName: string): string | null {
  const text = readText(join(projectRoot, 'node_modules', packageName, 'package.json'));
  return text === null ? null : (JSON.parse(text) as { version: string }).version;
}

/** Packages that figures depend on: those that make system calls, those that strategies use, and what pairs are measured by. */
const telling = (): string[] => ['koffi', ...Object.keys(ownPackage().optionalDependencies), 'tinybench'];

export function describeEnvironment(workers: Identity | null): Environment {
  return {
    kernel: `Linux ${release()}`,
    architecture: arch(),
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cpus: availableParallelism(),
    memoryBytes: totalmem(),
    governor: readText('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    machine: readMachineFacts(),
    node: process.version,
    v8: process.versions.v8,
    packages: Object.fromEntries(telling().map((name) => [name, versionOf(name)])),
    lockbench: ownVersion(),
    gitRevision: gitRevision(projectRoot),
    uid: process.getuid?.() ?? -1,
    workers,
  };
}
