/**
 * Machines whose memory or temporary directory is not as usual: what needs it is unavailable with the reason, the rest is
 * measured.
 */
import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { resultSchema } from '../../../bench/measure/result/result-schema.js';
import { hasCommand, isRoot, lockbench, needs, program, temporaryDirectory } from '../../support/support.js';

const FAR_FUTURE_MS = 240_000;

/** Runs lockbench where /dev/shm is a tmpfs with these options, for it alone, of which 64 KiB are used. */
const withMemory = (options: string, args: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(
    'unshare',
    [
      ...[
        '--mount',
        'sh',
        '-c',
        `mount -t tmpfs -o ${options} lockbench-test /dev/shm && if [ -w /dev/shm ]; then head -c 65536 /dev/zero > /dev/shm/full; fi; exec "$@"`,
        'sh',
      ],
      ...[process.execPath, program, ...args],
    ],
    { encoding: 'utf8', timeout: FAR_FUTURE_MS },
  );

describe('where /dev/shm', () => {
  for (const [how, options, reason] of [
    ['is read-only', 'ro', /EROFS/],
    ['is closed', 'mode=700', /EACCES/],
    ['is full', 'size=64k', /ENOSPC/],
  ] as const) {
    test(`${how}, locks that need it are unavailable, and the others are measured by default`, (t) => {
      if (!needs(t, isRoot && hasCommand('unshare', '--mount', 'true'), 'mounting needs root')) return;
      const { status, stdout, stderr } = withMemory(options, [
        ...[
          'run',
          '--strategies',
          'fcntl,shm-flag',
          '--processes',
          '1',
          '--rounds',
          '1',
          '--increments',
          '100',
        ],
        ...['--min-round', '1ms', '--quiet', '--json', '-'],
      ]);
      assert.equal(status, 0, stderr);
      const { cells } = resultSchema.parse(JSON.parse(stdout));
      assert.deepEqual(cells.map(({ strategy, state }) => `${strategy} ${state}`).sort(), [
        'fcntl measured',
        'shm-flag unavailable',
      ]);
      for (const cell of cells) if (cell.state === 'unavailable') assert.match(cell.reason, reason);
    });
  }

  test('is full, nothing that looks there is killed', (t) => {
    if (!needs(t, isRoot && hasCommand('unshare', '--mount', 'true'), 'mounting needs root')) return;
    const { status, stdout, stderr } = withMemory('size=64k', ['list']);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /rwlock .* unavailable: .*ENOSPC/);
  });
});

test('too few open files are refused in one line that names the limit and what is needed', () => {
  for (const most of [24, 40, 63]) {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `ulimit -n ${most}; exec "$@"`, 'sh', process.execPath, program, 'list'],
      { encoding: 'utf8', timeout: FAR_FUTURE_MS },
    );
    assert.match(
      stderr,
      new RegExp(`^lockbench: at least 64 open files [^\\n]* the limit is ${most}; raise it [^\\n]*\\n$`),
    );
    assert.equal(status, 2);
  }
});

test('as few open files as are allowed keep no lock of the catalogue from being tried, and nothing is left', (t) => {
  const directory = temporaryDirectory(t);
  const { status, stdout, stderr } = spawnSync(
    'sh',
    ['-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath, program, 'list', '--dir', directory],
    { encoding: 'utf8', timeout: FAR_FUTURE_MS },
  );
  assert.equal(status, 0, stderr);
  assert.doesNotMatch(stdout, /EMFILE/);
  assert.deepEqual(readdirSync(directory), []);
});

test('workers that cannot be started for want of open files are a reason, and end nobody', (t) => {
  const directory = temporaryDirectory(t);
  const args = [
    ...[
      'run',
      '--strategies',
      'fcntl',
      '--processes',
      '40',
      '--rounds',
      '1',
      '--increments',
      '100',
      '--quiet',
    ],
    ...['--dir', directory, '--json', '-'],
  ];
  // In a session of its own: what goes to its whole process group shall not reach this test.
  const { status, stdout, stderr } = spawnSync(
    'setsid',
    ['--wait', 'sh', '-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath, program, ...args],
    { encoding: 'utf8', timeout: FAR_FUTURE_MS },
  );
  assert.equal(status, 3, stderr);
  const [cell] = resultSchema.parse(JSON.parse(stdout)).cells;
  assert.ok(cell?.state === 'errored');
  assert.match(cell.reason, /EMFILE/);
  assert.deepEqual(readdirSync(directory), []);
});

test('a system without /proc is refused in one line', (t) => {
  if (!needs(t, isRoot && hasCommand('unshare', '--mount', 'true'), 'mounting needs root')) return;
  const script = 'mount -t tmpfs lockbench-test /proc && exec "$@"';
  const { status, stderr } = spawnSync(
    'unshare',
    ['--mount', 'sh', '-c', script, 'sh', process.execPath, program, 'list'],
    { encoding: 'utf8', timeout: FAR_FUTURE_MS },
  );
  assert.match(
    stderr,
    /^lockbench: \/proc was expected, it cannot be read \(ENOENT: no such file or directory\)[^\n]*\n$/,
  );
  assert.equal(status, 2);
});

test('a /proc of processes alone is refused in one line, and the directory is not blamed', (t) => {
  const script = 'mount -t proc -o subset=pid lockbench-test /proc && exec "$@"';
  const able = isRoot && hasCommand('unshare', '--mount', 'sh', '-c', script, 'sh', 'true');
  if (!needs(t, able, 'mounting needs root, and subset=pid Linux 5.8')) return;
  for (const words of [['list'], ['run'], ['crash', 'fcntl']]) {
    const { status, stderr } = spawnSync(
      'unshare',
      ['--mount', 'sh', '-c', script, 'sh', process.execPath, program, ...words],
      { encoding: 'utf8', timeout: FAR_FUTURE_MS },
    );
    assert.match(
      stderr,
      /^lockbench: all of \/proc was expected, a part cannot be read \(ENOENT: no such file or directory[^\n]*\n$/,
    );
    assert.equal(status, 2);
  }
});

test('a TMPDIR that is not there is refused by its name, and not missed where it is not needed', async (t) => {
  const env = { ...process.env, TMPDIR: '/no/such/directory' };
  const { code, stderr } = await lockbench(['list'], { env });
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^lockbench: TMPDIR: an existing directory was expected, "\/no\/such\/directory" does not exist[^\n]*\n$/,
  );
  const args = [
    'run',
    '--strategies',
    'fcntl',
    '--processes',
    '1',
    '--rounds',
    '1',
    '--increments',
    '100',
    '--quiet',
  ];
  assert.equal((await lockbench([...args, '--dir', temporaryDirectory(t)], { env })).code, 0);
});
