/**
 * Bad input, from outside: whatever is asked for wrongly ends with exit code 2, one line that says what was expected, what
 * came and what to do, and nothing left behind.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ownerOf, ownerOfThisProcess } from '../../bench/run/owner-name.js';
import { isRoot, needs, type StartOptions, start, temporaryDirectory } from '../support.js';

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

function sandbox(t: TestContext): Sandbox {
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
const shortRun = [...tiny, '--min-round', '1ms', '--quiet'];

/** As whom to start the program so that permissions bind it. */
const unprivileged: StartOptions = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

interface Refusal {
  readonly expected: RegExp;
  readonly came: string;
  readonly cure: RegExp;
}

const namesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' });

/** Runs the program, which shall refuse; checks all that holds for every refusal. */
async function assertRefused(
  box: Sandbox,
  args: readonly string[],
  refusal: Refusal,
  options: StartOptions = {},
): Promise<void> {
  const before = namesIn(box.cwd);
  const env = { ...process.env, TMPDIR: box.temporary };
  const started = start(args, { cwd: box.cwd, env, ...options });
  const { code, stdout, stderr } = await started.ended;
  const said = `exit code ${code}, standard error:\n${stderr}`;

  assert.equal(code, 2, said);
  assert.equal(stdout, '', said);
  assert.match(stderr, /^[^\n]+\n$/, `one line was expected; ${said}`);
  assert.match(stderr, refusal.expected, said);
  assert.ok(stderr.includes(refusal.came), `what came was ${refusal.came}; ${said}`);
  assert.match(stderr, refusal.cure, said);

  for (const directory of [box.measured, box.temporary]) {
    assert.deepEqual(
      namesIn(directory).filter((name) => name.startsWith('lockbench')),
      [],
    );
  }
  // Others may measure in memory at the same time.
  assert.deepEqual(
    readdirSync(MEMORY).filter((name) => ownerOf(name)?.pid === started.pid),
    [],
  );
  assert.deepEqual(namesIn(box.cwd), before, 'the working directory is as it was');
}

const aCount = (option: string, came: string): readonly [readonly string[], Refusal] => [
  [option, came],
  { expected: /a whole number from \d+ to \d+ was expected/, came: `"${came}"`, cure: /for example --/ },
];

/** What is added to a run that would be well without it. */
const badOptions: readonly (readonly [readonly string[], Refusal])[] = [
  [
    ['--strategies', 'fcntll'],
    {
      expected: /a strategy of the catalogue was expected/,
      came: '"fcntll"',
      cure: /did you mean "fcntl"\?/,
    },
  ],
  [
    ['--strategies', 'zookeeper'],
    { expected: /a strategy of the catalogue was expected/, came: '"zookeeper"', cure: /"lockbench list"/ },
  ],
  [
    ['--strategies', 'fcntl,excll/spin'],
    { expected: /a strategy of the catalogue was expected/, came: '"excll"', cure: /did you mean "excl"\?/ },
  ],
  [['--strategies', ''], { expected: /a list of names was expected/, came: '""', cure: /for example/ }],
  [
    ['--strategies', 'excl/block'],
    { expected: /its lock can only be tried/, came: 'excl cannot wait by block', cure: /excl\/spin/ },
  ],
  [
    ['--strategies', 'excl', '--wait', 'block'],
    { expected: /its lock can only be tried/, came: 'excl cannot wait by block', cure: /excl\/spin/ },
  ],
  [
    ['--wait', 'bogus'],
    { expected: /block, spin, yield, sleep.*was expected/, came: '"bogus"', cure: /for example --wait/ },
  ],
  [
    ['--wait', 'sleep:abc'],
    { expected: /a duration.*was expected/, came: 'sleep:abc', cure: /write a number and a unit/ },
  ],
  aCount('--processes', '0'),
  aCount('--processes', '1000000'),
  aCount('--processes', '1.5'),
  aCount('--processes', '-1'),
  [['--processes', ','], { expected: /a list of numbers was expected/, came: '","', cure: /for example --/ }],
  aCount('--increments', '0'),
  aCount('--increments', '-3'),
  aCount('--increments', '2.5'),
  aCount('--rounds', '0'),
  aCount('--seed', 'x'),
  [
    ['--hold', '10'],
    { expected: /--hold: a duration.*was expected/, came: '"10"', cure: /write a number and a unit/ },
  ],
  [
    ['--time-limit', '0s'],
    { expected: /--time-limit: more than 0 was expected/, came: '"0s"', cure: /for example --time-limit/ },
  ],
  [
    ['--number', 'maybe'],
    { expected: /"kept-open" or "reopened" was expected/, came: '"maybe"', cure: /the default is kept-open/ },
  ],
  [
    ['--json', '/no/such/dir/x.json'],
    {
      expected: /--json: a file that can be written was expected/,
      came: '"/no/such/dir/x.json" cannot be (ENOENT)',
      cure: /make its folder first/,
    },
  ],
  [
    ['--json', '/tmp'],
    {
      expected: /--json: a file that can be written was expected/,
      came: '"/tmp" cannot be (EISDIR)',
      cure: /name another/,
    },
  ],
  [
    ['--json', '/etc/passwd/x.json'],
    {
      expected: /--json: a file that can be written was expected/,
      came: '"/etc/passwd/x.json" cannot be (ENOTDIR)',
      cure: /name another/,
    },
  ],
  [
    ['--json', 'x'.repeat(300)],
    {
      expected: /--json: a file that can be written was expected/,
      came: '(ENAMETOOLONG)',
      cure: /name another/,
    },
  ],
  [['--json', ''], { expected: /--json: a file that can be written was expected/, came: '""', cure: /name/ }],
  [
    ['--record', '../x'],
    {
      expected: /--record: a name of letters, digits.* was expected/,
      came: '"../x"',
      cure: /below results\//,
    },
  ],
  [['--bogus'], { expected: /option/, came: '--bogus', cure: /--help/ }],
  [['--seed'], { expected: /argument|value/, came: '--seed', cure: /--help|for example/ }],
  [['stray'], { expected: /argument|option/, came: 'stray', cure: /--help/ }],
];

for (const [bad, refusal] of badOptions) {
  const shown = bad
    .map((word) => (word.length > 40 ? `${word.slice(0, 10)}…` : JSON.stringify(word)))
    .join(' ');
  test(`run ${shown} is refused`, async (t) => {
    const box = sandbox(t);
    await assertRefused(box, [...shortRun, '--dir', box.measured, ...bad], refusal);
  });
}

const badCommands: readonly (readonly [readonly string[], Refusal])[] = [
  [['bogus'], { expected: /command/, came: 'bogus', cure: /--help/ }],
  [['lst'], { expected: /command/, came: 'lst', cure: /list|--help/ }],
  [
    ['pairs', 'fcntll'],
    {
      expected: /a strategy of the catalogue was expected/,
      came: '"fcntll"',
      cure: /did you mean "fcntl"\?/,
    },
  ],
  [
    ['pairs', '--samples', '1'],
    { expected: /a whole number from 10 to/, came: '"1"', cure: /for example --samples/ },
  ],
  [
    ['doctor', '--dir', '/no/such/dir'],
    {
      expected: /an existing directory was expected/,
      came: '"/no/such/dir" does not exist',
      cure: /name another/,
    },
  ],
];

for (const [args, refusal] of badCommands) {
  test(`${args.join(' ')} is refused`, async (t) => {
    await assertRefused(sandbox(t), args, refusal);
  });
}

test('--dir of a missing directory is refused', async (t) => {
  const box = sandbox(t);
  const missing = join(box.measured, 'missing');
  await assertRefused(box, [...shortRun, '--dir', missing], {
    expected: /--dir: an existing directory was expected/,
    came: `"${missing}" does not exist`,
    cure: /make it first, or name another/,
  });
});

test('--dir of a file is refused', async (t) => {
  const box = sandbox(t);
  const file = join(box.measured, 'file');
  writeFileSync(file, '');
  await assertRefused(box, [...shortRun, '--dir', file], {
    expected: /--dir: a directory was expected/,
    came: `"${file}" is none`,
    cure: /name a directory/,
  });
});

test('one bad --dir among good ones is refused before anything is measured', async (t) => {
  const box = sandbox(t);
  await assertRefused(box, [...shortRun, '--dir', box.measured, '--dir', '/no/such/dir'], {
    expected: /--dir: an existing directory was expected/,
    came: '"/no/such/dir" does not exist',
    cure: /name another/,
  });
});

test('--dir of a directory that one may not write to is refused', async (t) => {
  const box = sandbox(t);
  chmodSync(box.measured, 0o555);
  const refusal = {
    expected: /--dir: a writable directory was expected/,
    came: `${JSON.stringify(box.measured)} refuses a new file (EACCES)`,
    cure: /name a directory that this user may write to/,
  };
  await assertRefused(box, [...shortRun, '--dir', box.measured], refusal, unprivileged);
});

test('--dir of a directory that one may not look into is refused', async (t) => {
  if (!needs(t, isRoot, 'a directory of another user needs root')) return;
  const box = sandbox(t);
  chmodSync(box.measured, 0o700);
  const below = join(box.measured, 'below');
  mkdirSync(below);
  const refusal = {
    expected: /--dir: an existing directory was expected/,
    came: `${JSON.stringify(below)} cannot be looked at (EACCES)`,
    cure: /name another/,
  };
  await assertRefused(box, [...shortRun, '--dir', below], refusal, unprivileged);
});

test('a directory that may be written to but not listed is refused, or is used', async (t) => {
  const box = sandbox(t);
  chmodSync(box.measured, 0o333);
  const env = { ...process.env, TMPDIR: box.temporary };
  const options = { cwd: box.cwd, env, ...unprivileged };
  const { code, stderr } = await start([...shortRun, '--dir', box.measured], options).ended;
  chmodSync(box.measured, 0o777);
  assert.ok(code === 0 || code === 2, `exit code ${code}, standard error:\n${stderr}`);
  assert.doesNotMatch(stderr, /^ {4}at /m);
  assert.deepEqual(namesIn(box.measured), []);
});

test('--dir that the user to whom root drops cannot reach is refused as that', async (t) => {
  if (!needs(t, isRoot, 'only root drops')) return;
  const box = sandbox(t);
  const closed = join(box.measured, 'closed');
  mkdirSync(join(closed, 'open'), { recursive: true });
  chmodSync(join(closed, 'open'), 0o777);
  chmodSync(closed, 0o700);
  await assertRefused(box, [...shortRun, '--dir', join(closed, 'open')], {
    expected: /cannot be reached by uid \d+, to which the workers drop/,
    came: `"${join(closed, 'open')}"`,
    cure: /name a directory that this user can reach.*or use --stay-root/,
  });
});

/** Does something while a small tmpfs is mounted on a directory. */
async function onTmpfs(
  t: TestContext,
  mountPoint: string,
  options: string,
  action: () => Promise<void>,
): Promise<void> {
  const mount = ['-t', 'tmpfs', '-o', options, 'lockbench-test', mountPoint];
  const mounted = isRoot && spawnSync('mount', mount, { stdio: 'ignore' }).status === 0;
  if (!needs(t, mounted, 'mounting a tmpfs needs root')) return;
  try {
    await action();
  } finally {
    spawnSync('umount', ['-l', mountPoint]);
  }
}

test('--dir on a full file system is refused', async (t) => {
  const box = sandbox(t);
  await onTmpfs(t, box.measured, 'size=4k,mode=777', async () => {
    writeFileSync(join(box.measured, 'full'), Buffer.alloc(4096));
    await assertRefused(box, [...shortRun, '--dir', box.measured], {
      expected: /--dir: a writable directory was expected/,
      came: '(ENOSPC)',
      cure: /free some space there, or name another/,
    });
    assert.deepEqual(namesIn(box.measured), ['full']);
  });
});

test('--dir on a file system with room for a name but not for data is refused', async (t) => {
  const box = sandbox(t);
  await onTmpfs(t, box.measured, 'size=4k,mode=777', async () => {
    await assertRefused(box, [...shortRun, '--dir', box.measured], {
      expected: /--dir: a writable directory was expected/,
      came: '(ENOSPC)',
      cure: /free some space there, or name another/,
    });
  });
});

test('--dir on a read-only file system is refused', async (t) => {
  const box = sandbox(t);
  await onTmpfs(t, box.measured, 'ro,mode=777', async () => {
    await assertRefused(box, [...shortRun, '--dir', box.measured], {
      expected: /--dir: a writable directory was expected/,
      came: '(EROFS)',
      cure: /it is mounted read-only; name another/,
    });
  });
});

test('--dir on a read-only file system where a killed run left something is refused as read-only', async (t) => {
  const box = sandbox(t);
  await onTmpfs(t, box.measured, 'mode=777', async () => {
    const { boot, pidNamespace, pid, start: began } = ownerOfThisProcess();
    const left = ['lockbench', boot, pidNamespace, pid, Number(began) - 1, '0'].join('.');
    mkdirSync(join(box.measured, left));
    spawnSync('mount', ['-o', 'remount,ro', box.measured]);
    const env = { ...process.env, TMPDIR: box.temporary };
    const { code, stdout, stderr } = await start([...shortRun, '--dir', box.measured], { cwd: box.cwd, env })
      .ended;
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, /^[^\n]*a writable directory was expected[^\n]*\(EROFS\)[^\n]*\n$/);
  });
});

test('--json in a folder that one may not look into is refused', async (t) => {
  if (!needs(t, isRoot, 'a folder of another user needs root')) return;
  const box = sandbox(t);
  const closed = join(box.temporary, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  const refusal = {
    expected: /--json: a file that can be written was expected/,
    came: '(EACCES)',
    cure: /name another/,
  };
  const json = ['--json', join(closed, 'x.json')];
  await assertRefused(box, [...shortRun, '--dir', box.measured, ...json], refusal, unprivileged);
});

test('--record of a name that exists is refused, and what was recorded stays', async (t) => {
  const box = sandbox(t);
  const folder = join(box.cwd, 'results', 'taken');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'result.json'), 'precious');
  const outputs = ['--json', 'new.json', '--record', 'taken'];
  await assertRefused(box, [...shortRun, '--dir', box.measured, ...outputs], {
    expected: /--record: a new name was expected/,
    came: 'results/taken exists',
    cure: /choose another name, or remove it/,
  });
  assert.equal(readFileSync(join(folder, 'result.json'), 'utf8'), 'precious');
});

test('--record leaves no folder when the run is refused for another reason', async (t) => {
  const box = sandbox(t);
  chmodSync(box.measured, 0o555);
  const refusal = {
    expected: /--dir: a writable directory was expected/,
    came: JSON.stringify(box.measured),
    cure: /name a directory that this user may write to/,
  };
  await assertRefused(box, [...shortRun, '--dir', box.measured, '--record', 'new'], refusal, unprivileged);
});

test('a directory with a space, a quote and a newline in its name is good input', async (t) => {
  const box = sandbox(t);
  const odd = join(box.measured, 'a "quoted" \'name\'\nwith $(lines) \\ and é');
  mkdirSync(odd);
  chmodSync(odd, 0o777);
  const env = { ...process.env, TMPDIR: box.temporary };
  const ended = await start([...shortRun, '--dir', odd], { cwd: box.cwd, env }).ended;
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stdout, /fcntl\/block/);
  assert.ok(existsSync(odd));
  assert.deepEqual(namesIn(odd), []);
});
