/**
 * `list`, `pairs`, `doctor` and the help, from outside.
 */
import assert from 'node:assert/strict';
import { readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileSystemOf } from '../../../bench/machine/file-system.js';
import { ownVersion } from '../../../bench/machine/project.js';
import { allNames, loadAll, loadStrategy } from '../../../strategies/index.js';
import { carriedOut } from '../../support/many-commands.js';
import { assertNoWider, ESCAPE, plainEnv, tableLines } from '../../support/printed.js';
import { lockbench, temporaryDirectory } from '../../support/support.js';

const strategies = await loadAll();

/** What `pairs --json` prints. */
interface PairsOutput {
  readonly pairs: readonly { strategy: string; wait: string; figures: Readonly<Record<string, number>> }[];
  readonly unavailable: readonly unknown[];
}

test('list names every strategy once, under its family, with what it can do', async () => {
  const { code, stdout, stderr } = await lockbench(['list'], { env: plainEnv });
  assert.equal(code, 0);
  assert.equal(stderr, '');
  let family = '';
  const listed = stdout
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      if (!line.startsWith(' ')) {
        family = line;
        return [];
      }
      assert.match(line, /block|can only be tried|unavailable: ./);
      return [`${family}: ${line.trim().split(' ')[0]}`];
    });
  const all = await Promise.all(allNames.map(loadStrategy));
  assert.deepEqual(listed.sort(), all.map((strategy) => `${strategy.family}: ${strategy.name}`).sort());
});

test('doctor tells the machine, the file system and what works there', async () => {
  const { code, stdout, stderr } = await lockbench(['doctor', '--verbose', '--dir', tmpdir()], {
    env: plainEnv,
  });
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  assert.match(stdout, /^Linux /m);
  assert.match(stdout, /^processors: \d+/m);
  assert.ok(stdout.includes(`Node ${process.version}`));
  const directory = realpathSync(tmpdir());
  const filesystem = fileSystemOf(directory)?.filesystem;
  assert.ok(stdout.includes(`${directory}: ${filesystem}, `), stdout);
  for (const { name } of strategies)
    assert.match(stdout, new RegExp(`^  ${name} +(works; |does not: .)`, 'm'));
});

test('pairs --json prints the figures of the pairs that were asked for, and nothing else', async () => {
  const { code, stdout, stderr } = await lockbench(
    ['pairs', '--quiet', '--json', 'fcntl', '--samples', '10'],
    {
      env: plainEnv,
    },
  );
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  const { pairs, unavailable } = JSON.parse(stdout) as PairsOutput;
  assert.deepEqual(unavailable, []);
  assert.equal(pairs.length, 1);
  const { strategy, wait, figures = {} } = pairs[0] ?? {};
  assert.deepEqual([strategy, wait, figures.samples], ['fcntl', 'block', 10]);
  for (const name of ['medianNs', 'meanNs', 'p99Ns'])
    assert.ok((figures[name] ?? 0) > 0, `${name}: ${stdout}`);
});

test('pairs prints a table, the baseline being 1', async () => {
  const { code, stdout } = await lockbench(['pairs', 'fcntl', 'flock', '--samples', '10'], { env: plainEnv });
  assert.equal(code, 0);
  const lines = tableLines(stdout);
  assert.match(lines.find((line) => line.includes(' fcntl/block ')) ?? '', / 1\.00 │$/);
  assert.ok(lines.some((line) => line.includes(' flock/block ')));
  assertNoWider(lines.join('\n'), 100);
  assert.ok(!stdout.includes(ESCAPE));
});

/** The same thing said by options and by bare words. */
const sameAnswer: readonly (readonly [readonly string[], readonly string[]])[] = [
  [
    ['list', 'fcntl', 'excl'],
    ['list', '--strategies', 'fcntl,excl'],
  ],
  [
    ['doctor', '/dev/shm', 'fcntl'],
    ['doctor', '--dir', '/dev/shm', '--strategies', 'fcntl'],
  ],
  [
    ['explain', 'excl', '/dev/shm'],
    ['explain', '--dir', '/dev/shm', '--strategies', 'excl'],
  ],
  [
    ['choose', '--local', 'excl', 'flock'],
    ['choose', '--strategies=excl,flock', '--local'],
  ],
];
for (const [words, options] of sameAnswer) {
  test(`${words.join(' ')} is ${options.join(' ')}`, async () => {
    const [short, long] = await Promise.all([words, options].map((args) => carriedOut(args)));
    assert.equal(short?.code, 0, short?.stderr);
    assert.notEqual(short?.stdout, '');
    assert.equal(short?.stdout, long?.stdout);
  });
}

test('a word that names a strategy or a directory begins the default command', async () => {
  const args = ['--processes', '1', '--increments', '100', '--rounds', '1', '--min-round', '1ms', '--quiet'];
  const { code, stdout } = await carriedOut(['fcntl', '/dev/shm', ...args, '--json']);
  assert.equal(code, 0);
  const { cells } = JSON.parse(stdout) as {
    cells: readonly { strategy: string; conditions: { directory: { path: string } } }[];
  };
  assert.deepEqual(
    cells.map(({ strategy, conditions }) => [strategy, conditions.directory.path]),
    [['fcntl', '/dev/shm']],
  );
});

/** How busy other programs are just then is another matter in each run. */
const steady = (json: string): string => json.replace(/^ "noise": .*$/m, '');

for (const args of [
  ['list', 'fcntl'],
  ['explain', 'fcntl'],
  ['choose', '--local', 'excl', 'flock'],
  ['doctor', '/dev/shm', 'excl'],
]) {
  test(`${args.join(' ')} --json writes to the file it names, else to standard output`, async (t) => {
    const file = join(temporaryDirectory(t), 'out.json');
    const bare = await carriedOut([...args, '--json']);
    assert.equal(bare.code, 0, bare.stderr);
    const dash = await carriedOut([...args, '--json', '-']);
    assert.equal(steady(dash.stdout), steady(bare.stdout));
    const kept = await carriedOut([...args, '--json', file]);
    assert.equal(kept.code, 0, kept.stderr);
    assert.equal(steady(readFileSync(file, 'utf8')), steady(bare.stdout));
    assert.notEqual(kept.stdout[0], '{');
  });
}

test('--verbose reports each step on a line of its own', async () => {
  const args = ['pairs', 'fcntl,flock,excl', '--samples', '10'];
  const { stderr } = await carriedOut([...args, '--verbose']);
  assert.deepEqual(stderr.match(/^\d of 3.* {2}(fcntl|flock|excl)$/gm)?.length, 3, stderr);
  assert.equal((await carriedOut([...args, '--quiet'])).stderr, '');
});

test('where standard error is no terminal there is no progress', async () => {
  assert.equal((await carriedOut(['pairs', 'fcntl,flock,excl', '--samples', '10'])).stderr, '');
});

for (const command of ['run', 'list', 'explain', 'choose', 'pairs', 'doctor', 'onedaemon']) {
  test(`${command} --help shows examples of ${command}`, async () => {
    const { code, stdout, stderr } = await carriedOut([command, '--help']);
    assert.equal(code, 0);
    assert.equal(stderr, '');
    assert.match(stdout, new RegExp(`^Examples:\n(.*\n)*?  lockbench ${command}`, 'm'));
  });
}

test('--help names every command, --version the version', async () => {
  const { code, stdout } = await lockbench(['--help']);
  assert.equal(code, 0);
  for (const command of ['run', 'list', 'explain', 'choose', 'pairs', 'doctor', 'onedaemon']) {
    assert.match(stdout, new RegExp(`^  ${command}\\b`, 'm'));
  }
  const version = await lockbench(['--version']);
  assert.equal(version.code, 0);
  assert.equal(version.stdout, `${ownVersion()}\n`);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
});
