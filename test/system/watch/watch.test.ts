/**
 * `watch`: a contention of its own, and one that runs elsewhere, which it does not disturb.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { until } from '../../support/limit.js';
import { ESCAPE, plainEnv } from '../../support/printed.js';
import { workersOf } from '../../support/processes.js';
import { assertRefused, sandbox } from '../../support/refusal.js';
import { hasCommand, lockbench, needs, program } from '../../support/support.js';

/** Starts one; `printed` is what it has printed so far. */
function started(...args: readonly string[]) {
  const child = spawn(process.execPath, [program, 'watch', ...args], { env: plainEnv });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
  }
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, code, printed: () => text };
}

test('a contention is shown until a signal, and again by another process that looks on', async () => {
  const own = started('fcntl', '--hold', 'sleep:1ms', '--think', 'sleep:1ms');
  const { pid = 0 } = own.child;
  const isShown = (printed: () => string): boolean =>
    /^fcntl\/block, 3 processes in \/.*: .* turns\/s/m.test(printed());
  try {
    await until(
      `a line about it:\n${own.printed()}`,
      () => isShown(own.printed) || own.child.exitCode !== null,
    );
    assert.ok(isShown(own.printed), own.printed());
    const other = started('--pid', String(pid));
    await until('a line of the other', () => isShown(other.printed) || other.child.exitCode !== null);
    assert.ok(isShown(other.printed), other.printed());
    other.child.kill('SIGINT');
    assert.equal(await other.code, 130);
    assert.equal(workersOf(pid).length, 3);

    const last = started('--pid', String(pid));
    await until('a line of the last', () => isShown(last.printed) || last.child.exitCode !== null);
    own.child.kill('SIGTERM');
    assert.equal(await own.code, 143);
    assert.equal(await last.code, 0, last.printed());
    assert.match(last.printed(), /The run is over\./);
    assert.deepEqual(workersOf(pid), []);
  } finally {
    own.child.kill('SIGKILL');
  }
});

test('two that are inside at once are told of', async () => {
  const own = started('none', '--processes', '2', '--hold', 'sleep:1ms', '--think', '0s');
  try {
    await until('two inside', () => /NOT EXCLUSIVE/.test(own.printed()) || own.child.exitCode !== null);
    assert.match(own.printed(), /NOT EXCLUSIVE: \d+ times? two were inside/);
  } finally {
    own.child.kill('SIGINT');
    assert.equal(await own.code, 130);
  }
});

test('it ends by itself after a while, and has changed nothing of the terminal but lines', async (t) => {
  if (!needs(t, hasCommand('script', '--version'), 'script is missing; apt-get install bsdutils')) return;
  const command = `stty -g; ${process.execPath} ${program} watch flock --for 1s; echo "code $?"; stty -g`;
  const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    ...{ encoding: 'utf8', input: '', env: { ...plainEnv, CI: '', TERM: 'xterm', NO_COLOR: '1' } },
  });
  assert.match(stdout, /code 0/);
  const [before = '', ...rest] = stdout.trim().split(/\r?\n/);
  assert.match(before, /^[\da-f:]+$/);
  assert.equal(rest.at(-1), before);
  // Up, and to the end of the line or the screen: nothing that would have to be put back.
  assert.ok(!stdout.replaceAll(new RegExp(`${ESCAPE}\\[(\\d+A|J|K)`, 'g'), '').includes(ESCAPE), stdout);
});

for (const [args, expected, came, hint] of [
  [['--pid', '1'], /a run in progress was expected with process id 1/, '1', /lockbench watch fcntl/],
  [['fcntl', 'excl'], /one strategy was expected/, 'fcntl and excl', /a terminal of its own/],
  [['--hold', '1ms'], /a strategy was expected beside --hold/, '--hold', /lockbench watch fcntl/],
  [['fcntl', '--pid', '1'], /a strategy or --pid was expected, got both/, '--pid', /leave one/],
  [['excl', '--readers', '1'], /a strategy with a shared mode was expected/, 'excl', /flock/],
] as const) {
  test(`watch ${args.join(' ')} is refused`, async (t) => {
    await assertRefused(sandbox(t), ['watch', ...args], { expected, came, hint });
  });
}

test('a lock that does not work here is refused, with the reason', async () => {
  const { code, stderr } = await lockbench(['watch', 'excl', '/proc']);
  assert.equal(code, 2);
  assert.match(stderr, /writable directory was expected/);
});
