/**
 * What the tests share: skipping with a reason, temporary directories, and the program as a process.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

export const isRoot = process.getuid?.() === 0;

/** bin/lockbench.mjs of this project. */
export const program = fileURLToPath(new URL('../../../bin/lockbench.mjs', import.meta.url));

/**
 * Skips a test that this machine cannot run, and says why. With LOCKBENCH_NO_SKIP=1 that is a failure: on a machine that
 * has everything installed a skip would hide that nothing was tested. Returns whether to go on.
 */
export function needs(test: TestContext, met: boolean, reason: string): boolean {
  if (met) return true;
  if (process.env.LOCKBENCH_NO_SKIP === '1') throw new Error(`this test may not be skipped here: ${reason}`);
  test.skip(`skipped: ${reason}`);
  return false;
}

/** Whether a command can be run. */
export function hasCommand(name: string, ...args: string[]): boolean {
  return spawnSync(name, args.length === 0 ? ['--version'] : args, { stdio: 'ignore' }).status === 0;
}

/** A directory that every user may write to, removed after the test. */
export function temporaryDirectory(
  owner: { after(action: () => void): void },
  parent: string = tmpdir(),
): string {
  const directory = mkdtempSync(join(parent, 'lockbench-test-'));
  chmodSync(directory, 0o777);
  owner.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Half of node_modules is what the program is built and checked by. */
const FOR_DEVELOPMENT = [
  ...['@biomejs', '@swc', '@types', '@typescript', 'dependency-cruiser', 'playwright-core', 'typescript'],
];

/** Gives each file a second name there, since 100 MB are much to copy; where it can't have one, a copy. */
function linkTree(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [path, twin] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(path, twin);
    else if (entry.isFile()) {
      try {
        linkSync(path, twin);
      } catch {
        copyFileSync(path, twin);
      }
    }
  }
}

/** The packages that the program runs with; they are not to be written to. */
function linkPackages(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (!name.startsWith('.') && !FOR_DEVELOPMENT.includes(name)) linkTree(join(from, name), join(to, name));
  }
}

/**
 * Copies the built program into `directory` as an installed package has it, without its sources, and `parts` of the project
 * besides. Returns its bin/lockbench.mjs.
 */
export function copyProgram(directory: string, ...parts: string[]): string {
  const project = fileURLToPath(new URL('../../..', import.meta.url));
  for (const part of ['bin', 'package.json', ...parts]) {
    const [from, to] = [join(project, part), join(directory, part)];
    if (part === 'node_modules') linkPackages(from, to);
    else cpSync(from, to, { recursive: true });
  }
  // The build that this file is of. Its FIFO, which tells who runs it, can't be copied.
  const build = fileURLToPath(new URL('../..', import.meta.url));
  cpSync(build, join(directory, 'dist'), {
    recursive: true,
    filter: (path) => basename(path) !== '.in-use',
  });
  return join(directory, 'bin', 'lockbench.mjs');
}

/** A started lockbench; `ended` settles with what it printed. */
export interface Started {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** In a session of its own, away from our terminal. */
  readonly detached?: boolean;
  /** Another copy's bin/lockbench.mjs. */
  readonly program?: string;
}

/** How it ended and what it printed, its standard streams being pipes. Rejects if it could not be started. */
export function endOf(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Starts the program as a user would, its standard streams being pipes. */
export function start(args: readonly string[], { program: other, ...options }: StartOptions = {}): Started {
  const child = spawn(process.execPath, [other ?? program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  return { pid: child.pid ?? 0, ended: endOf(child), kill: (signal) => child.kill(signal) };
}

/** Runs the program to its end. */
export function lockbench(args: readonly string[], options: StartOptions = {}): Promise<Ended> {
  return start(args, options).ended;
}
