/**
 * The machine and the program: what a sceptic asks for first.
 */
import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, release, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Identity } from './identity.js';

export interface Environment {
  readonly kernel: string;
  readonly architecture: string;
  readonly cpuModel: string;
  /** Processors that this process may run on. */
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly governor: string | null;
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

/** Where the program's package.json lies. */
export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

function git(...args: string[]): string | null {
  try {
    const options: ExecFileSyncOptionsWithStringEncoding = {
      cwd: projectRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    };
    return execFileSync('git', args, options).trim();
  } catch {
    return null;
  }
}

function gitRevision(): string | null {
  const revision = git('rev-parse', '--short=12', 'HEAD');
  if (revision === null) return null;
  // What is being recorded is no change of the program.
  return git('status', '--porcelain', '--', '.', ':(exclude)results') === '' ? revision : `${revision}-dirty`;
}

function versionOf(packageName: string): string | null {
  const text = readText(join(projectRoot, 'node_modules', packageName, 'package.json'));
  return text === null ? null : (JSON.parse(text) as { version: string }).version;
}

interface OwnPackage {
  readonly version: string;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

const ownPackage = (): OwnPackage =>
  createRequire(import.meta.url)(join(projectRoot, 'package.json')) as OwnPackage;

export const ownVersion = (): string => ownPackage().version;

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
    node: process.version,
    v8: process.versions.v8,
    packages: Object.fromEntries(telling().map((name) => [name, versionOf(name)])),
    lockbench: ownVersion(),
    gitRevision: gitRevision(),
    uid: process.getuid?.() ?? -1,
    workers,
  };
}
