/**
 * Workers in C: one program for each lock of strategies/c, made by the system's compiler when it is first needed and kept in
 * the user's cache. A program's name tells of which sources it was made and by which compiler, so that none is ever stale.
 */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../base/error-message.js';
import { visible } from '../../base/visible.js';
import { freshName, hasEnded, ownerOf } from '../../machine/owner-name.js';
import { projectRoot } from '../../machine/project.js';
import { NOT_WRITTEN, type NoWorker } from './foreign-worker.js';

const WORKER = join(projectRoot, 'bench', 'workers', 'c');
/** All that a worker is made of, in an order that does not change. */
const sources = (): string[] =>
  readdirSync(WORKER)
    .sort()
    .map((name) => join(WORKER, name));
const FLAGS = ['-std=gnu11', '-O2', '-pthread', `-I${WORKER}`];
const MISSING = 'there is no C compiler "cc"; install one, for example with "apt-get install gcc libc6-dev"';
/** A compiler takes a second; one that never ends shall not keep us. */
const PATIENCE_MS = 120_000;
const OF_OTHERS = 0o022;

/** Where a strategy's lock in C is written, whether there is one or not. */
export const sourceInC = (strategy: string): string => join(projectRoot, 'strategies', 'c', `${strategy}.c`);

/** Who runs the compiler: root of a container may have no right to the cache of the user whose HOME it has. */
function cacheFolder(): string {
  const { XDG_CACHE_HOME: cache } = process.env;
  // A relative path is to be ignored: XDG Base Directory Specification.
  return join(cache?.startsWith('/') ? cache : join(homedir(), '.cache'), 'lockbench', 'workers');
}

/** What the compiler says of itself: another one, or another version, makes another program. */
function compiler(): string | NoWorker {
  const { error, status, stdout } = spawnSync('cc', ['--version'], { encoding: 'utf8' });
  if (error !== undefined) return { reason: MISSING };
  return status === 0 ? stdout : { reason: 'the C compiler "cc" does not work: "cc --version" failed' };
}

/** Programs are run from there: it must be ours, and nobody else may write to it. Throws an Error. */
function requireOurs(folder: string): void {
  const { uid, mode } = statSync(folder);
  if (uid !== process.geteuid?.() || (mode & OF_OTHERS) !== 0)
    throw new Error(
      `${visible(folder)}: a folder of this user to which no other can write was expected; set XDG_CACHE_HOME`,
    );
}

/** What compilers that were killed left there. */
function removeParts(folder: string): void {
  for (const name of readdirSync(folder)) {
    const owner = ownerOf(name);
    if (owner !== null && hasEnded(owner)) rmSync(join(folder, name), { force: true });
  }
}

/** The first thing that the compiler complained of, or how it ended. */
function complaint({ error, signal, stderr, status }: SpawnSyncReturns<string>): string {
  const said = stderr.split('\n').find((line) => /error/i.test(line));
  return visible(said ?? error?.message ?? (signal === null ? `exit code ${status}` : `ended by ${signal}`));
}

/** What is compiled together with the worker. */
interface LockInC {
  /** Begins the program's name. */
  readonly name: string;
  readonly source: string;
  /** Macros, as `NAME=value`. */
  readonly defines?: readonly string[];
}

/** Makes a program whole under its name, or not at all. Throws an Error. */
function build(source: string, flags: readonly string[], program: string, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  requireOurs(folder);
  removeParts(folder);
  const part = join(folder, freshName('part'));
  try {
    const args = [...flags, '-include', source, '-o', part, join(WORKER, 'worker.c')];
    const ended = spawnSync('cc', args, { encoding: 'utf8', timeout: PATIENCE_MS });
    if (ended.status !== 0) throw new Error(`the C compiler failed: ${complaint(ended)}`);
    // The user that the workers become did not make it, and our umask may be strict.
    chmodSync(part, 0o755);
    renameSync(part, program);
  } finally {
    rmSync(part, { force: true });
  }
}

/** The program that contends for a lock in C, made if need be; or why there is none. */
export function programFor({ name, source, defines = [] }: LockInC): string | NoWorker {
  const by = compiler();
  if (typeof by !== 'string') return by;
  try {
    const flags = [...FLAGS, ...defines.map((define) => `-D${define}`)];
    const digest = createHash('sha256').update([by, ...flags].join('\0'));
    for (const path of [...sources(), source]) digest.update('\0').update(readFileSync(path));
    const folder = cacheFolder();
    const program = join(folder, `${name}-${digest.digest('hex').slice(0, 20)}`);
    if (existsSync(program)) requireOurs(folder);
    else build(source, flags, program, folder);
    return program;
  } catch (error) {
    return { reason: messageOf(error) };
  }
}

/** The program that contends for a strategy's lock, made if need be; or why there is none. */
export function cProgram(strategy: string): string | NoWorker {
  const source = sourceInC(strategy);
  if (!existsSync(source)) return { reason: `${NOT_WRITTEN}C: there is no strategies/c/${strategy}.c` };
  return programFor({ name: strategy, source });
}
