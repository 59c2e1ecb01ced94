/**
 * `list`, `pairs`, `doctor` and the help, from outside.
 */
import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { fileSystemOf } from '../../../bench/machine/file-system.js';
import { ownVersion } from '../../../bench/machine/host.js';
import { loadAll } from '../../../strategies/index.js';
import { assertNoWider, ESCAPE, plainEnv, tableLines } from '../../support/printed.js';
import { lockbench } from '../../support/support.js';

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
  assert.deepEqual(
    listed.sort(),
    strategies.map((strategy) => `${strategy.family}: ${strategy.name}`).sort(),
  );
});

test('doctor tells the machine, the file system and what works there', async () => {
  const { code, stdout, stderr } = await lockbench(['doctor', '--dir', tmpdir()], { env: plainEnv });
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  assert.match(stdout, /^Linux /);
  assert.match(stdout, /^processors: \d+/m);
  assert.ok(stdout.includes(`Node ${process.version}`));
  const directory = realpathSync(tmpdir());
  const filesystem = fileSystemOf(directory)?.filesystem;
  assert.ok(stdout.includes(`${JSON.stringify(directory)}: ${filesystem}, `), stdout);
  for (const { name } of strategies)
    assert.match(stdout, new RegExp(`^  ${name} +(works; |does not: .)`, 'm'));
});

test('pairs --json prints the figures of the pairs that were asked for, and nothing else', async () => {
  const { code, stdout, stderr } = await lockbench(['pairs', '--json', 'fcntl', '--samples', '10'], {
    env: plainEnv,
  });
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

for (const command of ['run', 'list', 'explain', 'choose', 'pairs', 'doctor', 'onedaemon']) {
  test(`${command} --help shows examples of ${command}`, async () => {
    const { code, stdout, stderr } = await lockbench([command, '--help']);
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
