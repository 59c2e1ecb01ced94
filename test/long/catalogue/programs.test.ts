/**
 * The programs that `choose` shows, in other languages: each takes the very lock of the strategy that it stands for, waits while
 * another holds it, and leaves what the strategy claims when it is killed.
 */
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { LANGUAGES, notTaken, PROGRAMS, takings } from '../../../bench/catalogue/programs.js';
import { projectRoot } from '../../../bench/machine/project.js';
import { loadStrategy, strategyNames } from '../../../strategies/index.js';
import { loopbackPort } from '../../../strategies/posix/socket.js';
import { keyOf } from '../../../strategies/posix/sysv-semaphore.js';
import { pagePath } from '../../../strategies/shared/memory-page.js';
import { sysvName } from '../../../strategies/shared/sysv-sem-lock.js';
import type { RoundDirectory, Strategy } from '../../../strategies/strategy.js';
import { until } from '../../support/limit.js';
import { hasCommand, needs, temporaryDirectory } from '../../support/support.js';

const folder = join(projectRoot, PROGRAMS);

/** By ending: what must be there, and what makes a command of a program. Throws an Error if it cannot be compiled. */
const RUN: Readonly<
  Record<string, { has(): boolean; missing: string; words(path: string, t: TestContext): string[] }>
> = {
  '.mjs': { has: () => true, missing: '', words: (path) => [process.execPath, path] },
  '.sh': {
    has: () => hasCommand('flock'),
    missing: 'flock(1) is missing; apt-get install util-linux',
    words: (path) => ['sh', path],
  },
  '.py': {
    has: () => hasCommand('python3'),
    missing: 'python3 is missing; apt-get install python3',
    words: (path) => ['python3', path],
  },
  '.c': {
    has: () => hasCommand('cc'),
    missing: 'there is no C compiler; apt-get install gcc libc6-dev',
    words: (path, t) => compiled(t, ['cc', '-pthread', '-Wall', '-Wextra', '-Werror', '-o'], path),
  },
  '.go': {
    has: () => hasCommand('go', 'version'),
    missing: 'go is missing; apt-get install golang-go',
    words: (path, t) => compiled(t, ['go', 'build', '-o'], path),
  },
};

let cache: string | null = null;
/** One for all programs, of which each would compile the same libraries. */
function goCache(): string {
  cache ??= mkdtempSync(join(tmpdir(), 'lockbench-test-go-'));
  return cache;
}
after(() => {
  if (cache !== null) rmSync(cache, { recursive: true, force: true });
});

function compiled(t: TestContext, [command = '', ...words]: readonly string[], path: string): string[] {
  const target = temporaryDirectory(t);
  const program = join(target, 'program');
  const { status, stderr } = spawnSync(command, [...words, program, path], {
    encoding: 'utf8',
    env: { ...process.env, GOCACHE: goCache(), GOFLAGS: '-mod=mod', GO111MODULE: 'off' },
  });
  assert.equal(status, 0, stderr);
  return [program];
}

/** Needed by a program of Node; optional, so that they may be missing. */
const PACKAGES: Readonly<Record<string, string>> = {
  'take-flock.mjs': 'fs-ext',
  'take-fcntl.mjs': 'fs-ext',
  'take-ofd.mjs': 'fs-native-extensions',
  'take-sqlite.mjs': '@photostructure/sqlite',
  'take-lockfile.mjs': 'lockfile',
  'take-proper-lockfile.mjs': 'proper-lockfile',
};

const isThere = (name: string): boolean =>
  spawnSync(process.execPath, ['-e', `require(${JSON.stringify(name)})`], { cwd: projectRoot }).status === 0;

/** A program that was started, and what it has said. */
function started([command = '', ...words]: readonly string[], file: string) {
  const child: ChildProcessWithoutNullStreams = spawn(command, [...words, file], { cwd: projectRoot });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  child.stdin.on('error', () => {});
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  const says = (word: string): Promise<void> =>
    until(`"${word}", after ${JSON.stringify(said)}`, () => {
      if (child.exitCode !== null && !said.includes(word)) throw new Error(`it ended, and said ${said}`);
      return said.includes(word);
    });
  return { child, ended, says, said: () => said };
}

/** Where a program and a strategy of ours meet. `argument`: the word that names it to the program. */
interface Meeting {
  readonly argument: string;
  readonly site: Pick<RoundDirectory, 'token'> & { readonly file: string };
}

type Place = (site: Meeting['site']) => string;
const FILE: Place = ({ file }) => file;
/** By the name of the lock: what names its place to a program. */
const PLACES: Readonly<Record<string, Place>> = {
  ...{
    excl: FILE,
    mkdir: FILE,
    symlink: FILE,
    link: FILE,
    flock: FILE,
    fcntl: FILE,
    'fcntl-range': FILE,
    ofd: FILE,
  },
  ...{ sqlite: FILE, lockfile: FILE, 'proper-lockfile': FILE },
  'abstract-socket': ({ token }) => token,
  port: ({ token }) => loopbackPort(token).text,
  'posix-sem': ({ token }) => `/${token}`,
  'sysv-sem': ({ token }) => String(keyOf(sysvName({ token }))),
  'sysv-sem-undo': ({ token }) => String(keyOf(sysvName({ token }))),
  'robust-mutex': pagePath,
};

/** A place for a lock, which is removed when the test is over. */
function meeting(t: TestContext, place: Place, strategy: Strategy): Meeting {
  const folder = temporaryDirectory(t);
  const site = { file: join(folder, 'file'), token: `lockbench-test-${randomUUID()}` };
  if (strategy.name === 'proper-lockfile') writeFileSync(site.file, '');
  const { destroy } = strategy;
  t.after(() => destroy?.({ ...site, dir: folder, path: () => site.file, workers: 1 }));
  return { argument: place(site), site };
}

/**
 * Whether the lock is free, by a process of ours that tries to take it, and ends: one cannot keep out itself by fcntl.
 */
function isFree(strategy: string, { site }: Meeting): boolean {
  const module = join(import.meta.dirname, '..', '..', '..', 'strategies', `${strategy}.js`);
  const code = `import { openSync } from 'node:fs';
    import { strategy } from ${JSON.stringify(module)};
    const { token, file } = ${JSON.stringify(site)};
    const needsFile = ['kernel file lock'].includes(strategy.family);
    const fd = needsFile ? openSync(file, 'a+') : -1;
    const path = (name) => (name === 'lock' || name === 'database' || name === 'file' ? file : file + '.' + name);
    const lock = strategy.open({ fd, token, path, workerIndex: 0, workers: 1 });
    lock.beginAcquire?.();
    const got = await lock.tryLock();
    if (got && strategy.claims.holderDies === 'stuck') await lock.unlock();
    process.stdout.write(String(got), () => process.exit());`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    cwd: projectRoot,
  });
  assert.ok(['true', 'false'].includes(stdout), stderr);
  return stdout === 'true';
}

/** A holder that was killed leaves it taken, to somebody who waits for less than a lease. */
const staysTaken = ({ claims }: Strategy): boolean =>
  claims.holderDies === 'stuck' || claims.leaseNs !== undefined;

for (const name of readdirSync(folder).filter((one) => one.startsWith('take-'))) {
  test(`${name} takes the lock, waits for it, and leaves it`, async (t) => {
    const how = RUN[extname(name)];
    const lock = basename(name, extname(name)).replace('take-', '');
    const place = PLACES[lock];
    assert.ok(
      how !== undefined && place !== undefined,
      'a program of a known language and lock was expected',
    );
    if (!needs(t, how.has(), how.missing)) return;
    const needed = PACKAGES[name];
    if (needed !== undefined && !needs(t, isThere(needed), `the package ${needed} is not installed`)) return;
    const words = how.words(join(folder, name), t);
    const strategy = await loadStrategy(lock);
    const met = meeting(t, place, strategy);

    const first = started(words, met.argument);
    t.after(() => first.child.kill('SIGKILL'));
    await first.says('inside');
    assert.equal(isFree(lock, met), false, 'it is inside, and another gets in');

    const second = started(words, met.argument);
    t.after(() => second.child.kill('SIGKILL'));
    await second.says('waiting');
    assert.ok(!second.said().includes('inside'), 'it did not wait');
    first.child.stdin.end();
    assert.equal(await first.ended, 0, first.said());
    await second.says('inside');

    second.child.kill('SIGKILL');
    second.child.stdin.end();
    await second.ended;
    assert.equal(isFree(lock, met), !staysTaken(strategy), 'what a killed holder leaves');
  });
}

test('in each language each lock is shown, or the reason why not, but for those whose calls stand in their pages', async () => {
  const silent: string[] = [];
  for (const name of strategyNames) {
    const strategy = await loadStrategy(name);
    const told = [
      ...takings(strategy, projectRoot).map(({ language }) => language),
      ...notTaken(strategy, projectRoot).flatMap(({ languages }) => languages),
    ];
    assert.equal(new Set(told).size, told.length, `${name}: ${told.join()}`);
    if (told.length === 0 && strategy.claims.excludes) silent.push(name);
    else if (told.length > 0)
      assert.equal(told.length, Object.keys(LANGUAGES).length, `${name}: ${told.join()}`);
  }
  assert.deepEqual(silent, ['rename', 'trunc', 'pipe-token']);
});
