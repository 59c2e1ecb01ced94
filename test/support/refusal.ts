/**
 * What holds for every refusal: exit code 2, one line that says what was expected, what came and what to do, and nothing
 * left behind.
 */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ownerOf } from '../../bench/machine/owner-name.js';
import { type Carried, carriedOut } from './many-commands.js';
import { isRoot, type StartOptions, start, temporaryDirectory } from './support.js';

const NOBODY = 65534;
const MEMORY = '/dev/shm';

/** Where a program is tried out: nothing else touches its folders, so that whatever lies there is its own. */
interface Sandbox {
  /** A directory to measure in. */
  readonly measured: string;
  /** The working directory. */
  readonly cwd: string;
  /** What the program takes for the temporary directory. */
  readonly temporary: string;
}

export function sandbox(t: TestContext): Sandbox {
  const home = temporaryDirectory(t);
  const make = (name: string): string => {
    const path = join(home, name);
    mkdirSync(path);
    chmodSync(path, 0o777);
    return path;
  };
  return { measured: make('measured'), cwd: make('cwd'), temporary: make('temporary') };
}

/**
 * A run that would be short, should it not be refused. Quiet, since a run that removes what a killed one left in memory
 * says so, and other tests kill runs.
 */
const tiny = ['run', '--strategies', 'fcntl', '--processes', '1', '--increments', '100', '--rounds', '1'];
export const shortRun = [...tiny, '--min-round', '1ms', '--quiet'];

/** As whom to start the program so that permissions bind it. */
export const unprivileged: StartOptions = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

export interface Refusal {
  readonly expected: RegExp;
  readonly came: string;
  readonly hint: RegExp;
}

export const namesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' });

/** Starts the program, as a user would. */
async function startedAlone(args: readonly string[], { env, ...options }: StartOptions): Promise<Carried> {
  const { pid, ended } = start(args, { ...options, env: { ...process.env, ...env } });
  const { code, stdout, stderr } = await ended;
  return { pid, code: code ?? Number.NaN, stdout, stderr };
}

/**
 * Has the program refuse; checks all that holds for every refusal. With `options` it is started as a process of its own,
 * else in one that many refusals share.
 */
export async function assertRefused(
  box: Sandbox,
  args: readonly string[],
  refusal: Refusal,
  options: StartOptions | null = null,
): Promise<void> {
  const before = namesIn(box.cwd);
  const here = { cwd: box.cwd, env: { TMPDIR: box.temporary } };
  const { pid, code, stdout, stderr } =
    options === null ? await carriedOut(args, here) : await startedAlone(args, { ...here, ...options });
  const said = `exit code ${code}, standard error:\n${stderr}`;

  assert.equal(code, 2, said);
  assert.equal(stdout, '', said);
  assert.match(stderr, /^[^\n]+\n$/, `one line was expected; ${said}`);
  assert.match(stderr, refusal.expected, said);
  assert.ok(stderr.includes(refusal.came), `what came was ${refusal.came}; ${said}`);
  assert.match(stderr, refusal.hint, said);

  for (const directory of [box.measured, box.temporary]) {
    assert.deepEqual(
      namesIn(directory).filter((name) => name.startsWith('lockbench')),
      [],
    );
  }
  // Others may measure in memory at the same time.
  assert.deepEqual(
    readdirSync(MEMORY).filter((name) => ownerOf(name)?.pid === pid),
    [],
  );
  assert.deepEqual(namesIn(box.cwd), before, 'the working directory is as it was');
}
