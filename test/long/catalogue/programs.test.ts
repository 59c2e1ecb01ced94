/**
 * The programs that `choose` shows, in other languages: each takes the very lock of the strategy that it stands for, waits while
 * another holds it, and leaves what the strategy claims when it is killed.
 */
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { PROGRAMS } from '../../../bench/catalogue/programs.js';
import { projectRoot } from '../../../bench/machine/host.js';
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
    words: (path, t) => compiled(t, ['cc', '-Wall', '-Wextra', '-Werror', '-o'], path),
  },
  '.go': {
    has: () => hasCommand('go', 'version'),
    missing: 'go is missing; apt-get install golang-go',
    words: (path, t) => compiled(t, ['go', 'build', '-o'], path),
  },
};

function compiled(t: TestContext, [command = '', ...words]: readonly string[], path: string): string[] {
  const target = temporaryDirectory(t);
  const program = join(target, 'program');
  const { status, stderr } = spawnSync(command, [...words, program, path], {
    encoding: 'utf8',
    env: { ...process.env, GOCACHE: join(target, 'cache'), GOFLAGS: '-mod=mod', GO111MODULE: 'off' },
  });
  assert.equal(status, 0, stderr);
  return [program];
}

/** Needed by a program of Node; optional, so that they may be missing. */
const PACKAGES: Readonly<Record<string, string>> = {
  'take-flock.mjs': 'fs-ext',
  'take-fcntl.mjs': 'fs-ext',
  'take-ofd.mjs': 'fs-native-extensions',
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

/** Whether the lock is free, by another program of ours that tries to take it, and ends. */
const TRY: Readonly<Record<string, (file: string) => boolean>> = {
  flock: (file) => triedBy('flock', file),
  fcntl: (file) => triedBy('fcntl', file),
  ofd: (file) => triedBy('ofd', file),
  excl(file) {
    try {
      closeSync(openSync(file, 'wx'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
    spawnSync('rm', [file]);
    return true;
  },
};

/** A process of its own: one cannot keep out itself by fcntl. */
function triedBy(strategy: string, file: string): boolean {
  const module = join(import.meta.dirname, '..', '..', '..', 'strategies', `${strategy}.js`);
  const code = `import { openSync } from 'node:fs';
    import { strategy } from ${JSON.stringify(module)};
    const fd = openSync(${JSON.stringify(file)}, 'a+');
    process.stdout.write(String(strategy.open({ fd }).tryLock()));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
  });
  assert.ok(['true', 'false'].includes(stdout), stderr);
  return stdout === 'true';
}

for (const name of readdirSync(folder)) {
  test(`${name} takes the lock, waits for it, and leaves it`, async (t) => {
    const how = RUN[extname(name)];
    const isFree = TRY[basename(name, extname(name)).replace('take-', '')];
    assert.ok(
      how !== undefined && isFree !== undefined,
      'a program of a known language and lock was expected',
    );
    if (!needs(t, how.has(), how.missing)) return;
    const needed = PACKAGES[name];
    if (needed !== undefined && !needs(t, isThere(needed), `the package ${needed} is not installed`)) return;
    const words = how.words(join(folder, name), t);
    const file = join(temporaryDirectory(t), 'file');

    const first = started(words, file);
    t.after(() => first.child.kill('SIGKILL'));
    await first.says('inside');
    assert.equal(isFree(file), false, 'it is inside, and another gets in');

    const second = started(words, file);
    t.after(() => second.child.kill('SIGKILL'));
    await second.says('waiting');
    assert.ok(!second.said().includes('inside'), 'it did not wait');
    first.child.stdin.end();
    assert.equal(await first.ended, 0, first.said());
    await second.says('inside');

    second.child.kill('SIGKILL');
    second.child.stdin.end();
    await second.ended;
    assert.equal(isFree(file), !name.startsWith('take-excl'), 'what a killed holder leaves');
  });
}
