/**
 * Small limits and odd machines: what can be measured is measured, what cannot is told in a line, and nothing is left.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { resultSchema } from '../../../bench/measure/result/result-schema.js';
import { until } from '../../support/limit.js';
import { endOf, hasCommand, isRoot, needs, program, temporaryDirectory } from '../../support/support.js';

const project = fileURLToPath(new URL('../../../..', import.meta.url));
const SMALL = [
  '--processes',
  '2',
  '--rounds',
  '1',
  '--increments',
  '100',
  '--min-round',
  '1ms',
  '--handoffs',
  '0',
];

interface World {
  /** Words before those that start lockbench. */
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Runs a small run there, to its end. */
async function runIn(t: TestContext, { words, environment = {} }: World) {
  const directory = temporaryDirectory(t);
  const run = [program, 'run', '--strategies', 'fcntl,excl', ...SMALL, '--quiet', '--json', '-'];
  const [command = '', ...args] = [...words, process.execPath, ...run, '--dir', directory];
  // In a session of its own: what goes to its whole process group shall not reach this test.
  const child = spawn(command, args, { detached: true, env: { ...process.env, ...environment } });
  t.after(() => child.kill('SIGKILL'));
  return { ...(await endOf(child)), left: readdirSync(directory) };
}

/** A line of a shell, in a mount namespace of its own, before lockbench. */
const mounted = (line: string): readonly string[] => [
  ...['unshare', '--mount', 'sh', '-c', `${line} && exec "$@"`, 'sh'],
];

const canMount = isRoot && hasCommand('unshare', '--mount', 'true');
const MOUNTING = 'mounting needs root';

const WORLDS: Readonly<Record<string, readonly [world: World, met: boolean, reason: string]>> = {
  'hidepid=2': [{ words: mounted('mount -t proc -o hidepid=2 proc /proc') }, canMount, MOUNTING],
  'an empty /dev/shm': [{ words: mounted('mount -t tmpfs lockbench-test /dev/shm') }, canMount, MOUNTING],
  'a /dev/shm of 64 KiB': [
    { words: mounted('mount -t tmpfs -o size=64k lockbench-test /dev/shm') },
    canMount,
    MOUNTING,
  ],
  'a read-only clone': [
    {
      words: mounted(`mount --bind '${project}' '${project}' && mount -o remount,ro,bind '${project}'`),
    },
    canMount,
    MOUNTING,
  ],
  'one processor': [
    { words: ['taskset', '--cpu-list', firstProcessor()] },
    hasCommand('taskset', '--cpu-list', firstProcessor(), 'true'),
    'taskset is missing; apt-get install util-linux',
  ],
  // The tests' own XDG_STATE_HOME stands: what a run leaves for later commands is not the user's.
  'no HOME and no TMPDIR': [{ words: [], environment: { HOME: undefined, TMPDIR: undefined } }, true, ''],
  'a HOME that cannot be': [
    { words: [], environment: { HOME: '/dev/null/home', XDG_STATE_HOME: undefined } },
    true,
    '',
  ],
  '2 GiB of address space': [
    { words: ['prlimit', `--as=${2 * 2 ** 30}`] },
    hasCommand('prlimit', 'true'),
    'prlimit is missing; apt-get install util-linux',
  ],
  'a clock two days behind': [
    { words: ['faketime', '-f', '-2d'] },
    hasCommand('faketime', '-f', '-2d', 'true'),
    'faketime is missing; apt-get install faketime',
  ],
};

/** One that this process may use. */
function firstProcessor(): string {
  const [, list = ''] =
    /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
  return list;
}

const HALF_A_DAY_NS = 12 * 3600e9;

/** All is measured, in a time that can be, and nothing is left. */
async function assertMeasures(t: TestContext, world: World): Promise<void> {
  const { code, signal, stdout, stderr, left } = await runIn(t, world);
  assert.deepEqual([code, signal], [0, null], stderr);
  assert.deepEqual(left, []);
  const { cells } = resultSchema.parse(JSON.parse(stdout));
  assert.deepEqual(
    cells.map(({ strategy, state }) => [strategy, state]),
    [
      ['fcntl', 'measured'],
      ['excl', 'measured'],
    ],
  );
  for (const cell of cells) {
    if (cell.state !== 'measured') continue;
    for (const { wallNs } of cell.rounds) assert.ok(wallNs > 0 && wallNs < HALF_A_DAY_NS, `${wallNs} ns`);
  }
}

describe('a small run measures and leaves nothing with', () => {
  for (const [name, [world, met, reason]] of Object.entries(WORLDS)) {
    test(name, async (t) => {
      if (needs(t, met, reason)) await assertMeasures(t, world);
    });
  }

  test('a clock that is set back and forward by days', async (t) => {
    const able = hasCommand('faketime', '-f', '-2d', 'true');
    if (!needs(t, able, 'faketime is missing; apt-get install faketime')) return;
    const clock = join(temporaryDirectory(t), 'clock');
    let isBehind = false;
    const set = (): void => {
      isBehind = !isBehind;
      writeFileSync(`${clock}.new`, isBehind ? '-1d\n' : '+1d\n');
      // At once: a file that is being written is no time.
      renameSync(`${clock}.new`, clock);
    };
    set();
    const setting = setInterval(set, 50);
    try {
      const environment = {
        FAKETIME_TIMESTAMP_FILE: clock,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      };
      // What the command sets by itself would be believed before the file.
      await assertMeasures(t, { words: ['faketime', '-f', '-1d', 'env', '-u', 'FAKETIME'], environment });
    } finally {
      clearInterval(setting);
    }
  });

  test('a monotonic clock of its own', async (t) => {
    const words = ['unshare', '--time', '--monotonic', '100000', '--fork'];
    if (hasCommand(...(words as [string]), 'true')) await assertMeasures(t, { words });
    // What the kernel or a container refuses no package brings: skipped even where a missing package is a failure.
    else t.skip('skipped: time namespaces need root and Linux 5.6');
  });
});

test('too little address space is refused in one line', async (t) => {
  if (!needs(t, hasCommand('prlimit', 'true'), 'prlimit is missing; apt-get install util-linux')) return;
  const { code, stderr, left } = await runIn(t, { words: ['prlimit', `--as=${1400 * 2 ** 20}`] });
  assert.equal(code, 2, stderr);
  assert.match(
    stderr,
    /^lockbench: at least 1536 MiB of address space [^\n]*, the limit is 1400; raise it \(ulimit -v\)\n$/,
  );
  assert.deepEqual(left, []);
});

const TOO_FEW = 16;

/** Words that run others in a cgroup of this test's with this limit; null where none can be made. `files`: by version of cgroups. */
function inSmallGroup(
  t: TestContext,
  controller: string,
  files: readonly string[],
  limit: number,
): readonly string[] | null {
  for (const [i, root] of [`/sys/fs/cgroup/${controller}`, '/sys/fs/cgroup'].entries()) {
    const path = join(root, `lockbench-test-${process.pid}`);
    try {
      mkdirSync(path);
    } catch {
      continue;
    }
    const remove = (): boolean => {
      try {
        rmdirSync(path);
        return true;
      } catch {
        return false;
      }
    };
    try {
      writeFileSync(join(path, files[i] ?? ''), String(limit));
    } catch {
      remove();
      continue;
    }
    t.after(() => until('the last process of the cgroup has ended', remove));
    return ['sh', '-c', 'echo $$ > "$0/cgroup.procs" && exec "$@"', path];
  }
  return null;
}

test('where a cgroup allows too few processes, one line says so, and nothing is left', async (t) => {
  const words = inSmallGroup(t, 'pids', ['pids.max', 'pids.max'], TOO_FEW);
  if (words === null) {
    // As with time namespaces: it is the container's to allow. What is read of the group is tested in unit, on files.
    t.skip('skipped: no cgroup for pids can be made here');
    return;
  }
  const { code, stderr, left } = await runIn(t, { words });
  assert.equal(code, 2, stderr);
  assert.match(
    stderr,
    /^lockbench: at least 64 processes and threads [^\n]*, the limit is 16; raise it \(pids\.max [^\n]*\)[^\n]*\n$/,
  );
  assert.deepEqual(left, []);
});

test('where a cgroup grants too little memory, one line says so, and nothing is left', async (t) => {
  const files = ['memory.limit_in_bytes', 'memory.max'];
  const words = inSmallGroup(t, 'memory', files, 72 * 2 ** 20);
  if (words === null) {
    // As above.
    t.skip('skipped: no cgroup for memory can be made here');
    return;
  }
  const { code, stderr, left } = await runIn(t, { words });
  assert.equal(code, 2, stderr);
  assert.match(
    stderr,
    /^lockbench: at least 80 MiB of memory were expected to be granted, the limit is 72; raise [^\n]*\n$/,
  );
  assert.deepEqual(left, []);
});

test('where a user may have too few processes, one line says so, and nothing is left', async (t) => {
  const able = isRoot && hasCommand('setpriv', '--version') && hasCommand('prlimit', 'true');
  if (!needs(t, able, 'becoming another user needs root and setpriv; apt-get install util-linux')) return;
  // A user of no other process, or these would count.
  const user = String(60_000 + (process.pid % 5_000));
  const drop = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
  const { code, stderr, left } = await runIn(t, { words: ['prlimit', `--nproc=${TOO_FEW}`, ...drop] });
  assert.equal(code, 2, stderr);
  assert.match(
    stderr,
    /^lockbench: at least 64 processes and threads [^\n]*, the limit is 16; raise it \(ulimit -u\)[^\n]*\n$/,
  );
  assert.deepEqual(left, []);
});
