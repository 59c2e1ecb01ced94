/**
 * Attacks on what root does in a directory that others write to, each tried so often: some times each by the system tests, and 200 times by
 * `npm run test:attack`.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { removeLeftovers } from '../../bench/machine/files/leftovers.js';
import { MARK_NAME, ownPrefix } from '../../bench/machine/owner-name.js';
import { makeRoundDirectory } from '../../bench/measure/parent/round-directory.js';
import type { WayName } from '../../bench/onedaemon/ways.js';
import { makeSynchronousDirectory } from '../../bench/reproduce/75x/synchronous.js';
import { xorshift32 } from '../../bench/statistics/xorshift32.js';
import { strategy as rename } from '../../strategies/rename.js';
import {
  type Attacker,
  assertUntouched,
  attack,
  makeEmpty,
  makePrecious,
  NOBODY,
  type Precious,
  preciousIn,
  STRANGER,
} from './attack.js';
import { LIMIT_MS } from './limit.js';
import { hasCommand, program, temporaryDirectory } from './support.js';

const identity = { uid: NOBODY, gid: NOBODY };

/** A directory of all, in which root has precious ones, and one of root's elsewhere, to which links of the attacker lead. */
interface Square {
  readonly directory: string;
  readonly elsewhere: string;
  readonly precious: Precious;
}

const DECOYS = ['precious', 'empty', 'link'];

function square(t: TestContext, mode: 0o777 | 0o1777): Square {
  const directory = temporaryDirectory(t);
  const home = temporaryDirectory(t);
  chmodSync(directory, mode);
  chmodSync(home, 0o755);
  const elsewhere = makePrecious(join(home, 'elsewhere'), NAMES);
  chmodSync(elsewhere, 0o755);
  makePrecious(join(directory, 'precious'), ['number', 'locked', 'image', 'precious']);
  makeEmpty(join(directory, 'empty'));
  symlinkSync(elsewhere, join(directory, 'link'));
  const precious = preciousIn(t, elsewhere, join(directory, 'precious'), join(directory, 'empty'));
  return { directory, elsewhere, precious };
}

const assertSafe = ({ directory, elsewhere, precious }: Square): void =>
  assertUntouched(precious, directory, join(elsewhere, '..'));

/** A stranger who exchanges each of our names there for each of the decoys. */
const exchanging = (t: TestContext, { directory, elsewhere }: Square): Promise<Attacker> =>
  attack(t, { uid: STRANGER, directory, pairs: [], target: elsewhere, decoys: DECOYS });

/** Does something so often, and until the attacker has had its turns. Errors are what an attacked program may well have. */
async function tryOften(tries: number, attacker: Attacker, action: () => void): Promise<void> {
  for (let done = 0; done < tries || attacker.exchanges() === 0; done++) {
    try {
      action();
    } catch (error) {
      assert.ok(error instanceof Error);
    }
    await setImmediate();
  }
  await attacker.stop();
}

/** As many as a slow removal needs to be overtaken in. */
const NAMES = Array.from({ length: 100 }, (_, i) => `f${i}`);
const DEAD_START = '1';
const AT_ONCE = 6;

/** A directory by the name of one that a dead process left, with "sub", full of files, and "link" to the same names. */
function plant({ directory, elsewhere }: Square, owner: number, marked: boolean, serial: number): string {
  const [, boot, namespace] = ownPrefix().split('.');
  const name = `lockbench.${boot}.${namespace}.${process.pid}.${DEAD_START}.${serial}`;
  const path = join(directory, name);
  mkdirSync(path, { mode: 0o700 });
  mkdirSync(join(path, 'sub'));
  for (const file of NAMES) writeFileSync(join(path, 'sub', file), '');
  symlinkSync(elsewhere, join(path, 'link'));
  if (marked) writeFileSync(join(path, MARK_NAME), `${name}\n`);
  for (const below of ['', 'sub', ...(marked ? [MARK_NAME] : [])]) chownSync(join(path, below), owner, owner);
  // Its owner may remove nothing from it: that is left to root.
  chmodSync(join(path, 'sub'), 0o500);
  return name;
}

/** Leftovers are planted, and "sub" in them exchanged for the link while root clears away. */
export async function attackLeftovers(
  t: TestContext,
  tries: number,
  { mode, owner, marked }: { mode: 0o777 | 0o1777; owner: number; marked: boolean },
): Promise<void> {
  const place = square(t, mode);
  for (let done = 0; done < tries; done += AT_ONCE) {
    const planted = Array.from({ length: AT_ONCE }, (_, i) => plant(place, owner, marked, done + i));
    const pairs = planted.map((name) => [join(name, 'sub'), join(name, 'link')] as const);
    const attacker = await attack(t, {
      uid: owner,
      directory: place.directory,
      pairs,
      target: place.elsewhere,
      decoys: [],
    });
    try {
      removeLeftovers([place.directory], identity);
    } finally {
      await attacker.stop();
      assertSafe(place);
    }
    for (const name of planted) rmSync(join(place.directory, name), { recursive: true, force: true });
  }
}

/** What a round's directory is exchanged for between any two calls. */
export async function attackRoundDirectories(t: TestContext, tries: number): Promise<void> {
  const place = square(t, 0o777);
  const attacker = await exchanging(t, place);
  await tryOften(tries, attacker, () => makeRoundDirectory(place.directory, 1, rename, identity).destroy());
  assertSafe(place);
}

/** What is in a round's directory is exchanged by the user that it belongs to, while root removes it. */
export async function attackRemoval(t: TestContext, tries: number): Promise<void> {
  const place = square(t, 0o1777);
  for (let tried = 0; tried < tries; tried++) {
    const made = makeRoundDirectory(place.directory, 1, rename, identity);
    const [sub, link] = [join(made.job.dir, 'sub'), join(made.job.dir, 'link')];
    mkdirSync(sub);
    for (const file of NAMES) writeFileSync(join(sub, file), '');
    symlinkSync(place.elsewhere, link);
    chownSync(sub, NOBODY, NOBODY);
    chmodSync(sub, 0o500);
    const pairs = [[sub, link]] as const;
    const job = { uid: NOBODY, directory: place.directory, pairs, target: place.elsewhere, decoys: [] };
    const attacker = await attack(t, job);
    try {
      made.destroy();
    } catch (error) {
      // The attacker may go on making names in it for longer than we remove them.
      assert.ok(error instanceof Error);
    }
    await attacker.stop();
  }
  assertSafe(place);
}

export async function attackSynchronous(t: TestContext, tries: number): Promise<void> {
  const place = square(t, 0o777);
  const attacker = await exchanging(t, place);
  await tryOften(tries, attacker, () => makeSynchronousDirectory(place.directory, identity).remove());
  assertSafe(place);
}

// By which directories are made and given away: each call ends late, so that there is time to exchange. In the processes,
// too, that do it for the parent; these are stopped at such calls alone. -D: what is spawned is the program itself.
const CALLS = 'mkdir,mkdirat,openat2,ftruncate';
const SLOW = ['-e', `trace=${CALLS}`, '-e', `inject=${CALLS}:delay_exit=5000`];
const SLOWLY = ['-D', '-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', '-e', 'signal=none', ...SLOW];

/** How often a program ended with which code. */
class ExitCodes {
  readonly #times = new Map<number, number>();
  /** `ended`: what a child's "close" came with. */
  add([code]: readonly number[]): void {
    this.#times.set(code ?? -1, (this.#times.get(code ?? -1) ?? 0) + 1);
  }
  toString(): string {
    return [...this.#times].map(([code, times]) => `${code}: ${times}`).join(', ');
  }
}

const images = fileURLToPath(new URL('../fixtures/mount-images.js', import.meta.url));

/** Fresh file systems in files, in a mount namespace of their own; each try makes some, and clears away what the last one left. */
export async function attackImages(t: TestContext, tries: number): Promise<void> {
  const place = square(t, 0o777);
  const attacker = await exchanging(t, place);
  const codes = new ExitCodes();
  for (let tried = 0; tried < tries; tried++) {
    const words = [...SLOWLY, 'unshare', '--mount', process.execPath, images, place.directory];
    codes.add(await once(spawn('strace', words, { stdio: 'ignore' }), 'close'));
  }
  await attacker.stop();
  t.diagnostic(`${tries} tries and ${attacker.exchanges()} exchanges; exit codes ${codes}`);
  assertSafe(place);
}

export const canSlow = (): boolean => hasCommand('strace', ...SLOWLY, 'true');

/** The commands that make directories of their own in the one that they are given. */
export const COMMANDS = {
  run: ['run', '--strategies', 'fcntl,excl', '--rounds', '1', '--increments', '100', '--quiet'],
  list: ['list'],
  crash: ['crash', 'excl', '--events', 'kill', '--quiet'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Between two looks at what a command has made. */
const LOOK_MS = 20;

/** Whole, it takes a minute. */
export const WHOLE_75X: readonly string[] = ['reproduce', '75x', '--rounds', '1', '--quiet'];

/** Ends a process as Ctrl-C does, so long after its first directory is there: before, it does nothing that can be attacked. */
function endLater(child: ChildProcess, { directory }: Square, afterMs: number): NodeJS.Timeout {
  const before = new Set(readdirSync(directory));
  const hasBegun = (): boolean =>
    readdirSync(directory).some((name) => name.startsWith('lockbench.') && !before.has(name));
  let begunAt: number | null = null;
  const timer = setInterval(() => {
    if (begunAt === null && hasBegun()) begunAt = performance.now();
    if (begunAt === null || performance.now() - begunAt < afterMs) return;
    clearInterval(timer);
    child.kill('SIGINT');
  }, LOOK_MS);
  return timer;
}

/**
 * A command, the directory being its `--dir`; its calls that make directories are slowed down by strace. Whole; or ended by
 * Ctrl-C at any moment until `endedWithinMs` after it has begun, in an order of its own each time, as it has a seed.
 */
export async function attackCommand(
  t: TestContext,
  tries: number,
  args: readonly string[],
  endedWithinMs?: number,
): Promise<void> {
  const place = square(t, 0o777);
  const attacker = await exchanging(t, place);
  const random = xorshift32(tries);
  const codes = new ExitCodes();
  for (let tried = 0; tried < tries; tried++) {
    const seed = endedWithinMs === undefined ? [] : ['--seed', String(tried + 1)];
    const words = [...SLOWLY, process.execPath, program, ...args, ...seed, '--dir', place.directory];
    const child = spawn('strace', words, { stdio: 'ignore' });
    const ended = once(child, 'close');
    const timer = endedWithinMs === undefined ? undefined : endLater(child, place, random() * endedWithinMs);
    codes.add(await ended);
    clearInterval(timer);
  }
  await attacker.stop();
  t.diagnostic(`${tries} tries and ${attacker.exchanges()} exchanges; exit codes ${codes}`);
  assertSafe(place);
}

// Of the calls that name a pid file, or its directory, alone: what Node opens at its start is nobody's to exchange.
const OPENINGS = 'openat,openat2,linkat,unlinkat,renameat2,ftruncate';
const slowlyAt = (paths: readonly string[]): readonly string[] => [
  ...[...'-D -f --seccomp-bpf -qq -o /dev/null -e signal=none'.split(' '), '-e', `trace=${OPENINGS}`],
  ...['-e', `inject=${OPENINGS}:delay_exit=2000`],
  ...paths.flatMap((path) => ['-P', path]),
];

/**
 * A daemon's pid file, and what it makes beside it, exchanged for links and files of root's while starts open them; and for an
 * empty file, which a start may take.
 */
export async function attackDaemons(t: TestContext, tries: number, way: WayName): Promise<void> {
  const place = square(t, 0o777);
  const { directory, elsewhere } = place;
  writeFileSync(join(directory, 'root'), 'precious\n', { mode: 0o600 });
  writeFileSync(join(directory, 'own'), '', { mode: 0o644 });
  const target = join(elsewhere, NAMES[0] ?? '');
  const precious = new Map([...place.precious, ...preciousIn(t, join(directory, 'root'))]);
  const names = ['x.pid', ...(way === 'excl-pid' ? ['x.pid.guard', 'x.pid.lock'] : [])];
  const pairs = names.flatMap((name) => [
    [name, `link-${name}`] as const,
    [name, 'own'] as const,
    [name, 'root'] as const,
    [name, 'own'] as const,
    [name, 'precious/number'] as const,
  ]);
  const attacker = await attack(t, { uid: STRANGER, directory, pairs, target, decoys: [] });
  const codes = new ExitCodes();
  const slowly = slowlyAt([directory, ...names.flatMap((name) => [name, join(directory, name)])]);
  for (let tried = 0; tried < tries; tried++) {
    const words = ['onedaemon', '--by', way, '--pidfile', join(directory, 'x.pid'), '--', 'true'];
    const options = { stdio: 'ignore', timeout: 2 * LIMIT_MS } as const;
    const child = spawn('strace', [...slowly, process.execPath, program, ...words], options);
    const ended = await once(child, 'close');
    assert.equal(ended[1], null, 'it was expected to end by itself');
    codes.add(ended);
  }
  await attacker.stop();
  t.diagnostic(`${tries} tries and ${attacker.exchanges()} exchanges; exit codes ${codes}`);
  assertUntouched(precious, directory, join(elsewhere, '..'));
}
