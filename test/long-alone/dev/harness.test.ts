/**
 * The harness that measures the measuring machine: its C twin does what a worker does, and it refuses, misses and ends as
 * every command does.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { memoryOf } from '../../../bench/dev/harness/memory.js';
import { onOneProcessor } from '../../../bench/dev/harness/one-processor.js';
import { compileTwin, EMPTY, TWINS } from '../../../bench/dev/harness/twin.js';
import { OTHER_LOCKS } from '../../../strategies/fcntl-range.js';
import { allowedProcessors } from '../../../strategies/posix/affinity.js';
import { until } from '../../support/limit.js';
import { childrenOf, leftBy, workersOf } from '../../support/processes.js';
import { hasCommand, lockbench, needs, start, temporaryDirectory } from '../../support/support.js';
import { callsOf, callsOfTurns, TURNS } from '../../support/traced-turns.js';

const harness = fileURLToPath(new URL('../../../bench/dev/harness/harness.js', import.meta.url));
const NO_COMPILER = 'there is no cc; apt-get install gcc libc6-dev';
const MEMORY = '/dev/shm';
const COUNT = 500;

const hasCompiler = (t: TestContext): boolean => needs(t, hasCommand('cc'), NO_COMPILER);

async function twinIn(directory: string): Promise<string> {
  const program = join(directory, 'twin');
  await compileTwin(program, new AbortController().signal);
  return program;
}

// First, since the others start processes by the same means.
test('what is started on one processor stays there, and the parent may run everywhere again', () => {
  const before = allowedProcessors();
  const allowedInChild = onOneProcessor(() => spawnSync('cat', ['/proc/self/status'], { encoding: 'utf8' }));
  assert.match(allowedInChild.stdout, new RegExp(`^Cpus_allowed_list:\\s+${before.at(-1)}$`, 'm'));
  assert.deepEqual(allowedProcessors(), before);
});

test('every strategy whose calls are known has a twin', () => {
  assert.deepEqual([...TWINS].sort(), Object.keys(TURNS).sort());
});

test('the C twin takes as many numbers as it takes turns, and leaves no file', async (t) => {
  if (!hasCompiler(t)) return;
  const home = temporaryDirectory(t);
  const twin = await twinIn(home);
  for (const strategy of [...TWINS, EMPTY]) {
    await t.test(strategy, () => {
      const directory = join(home, strategy);
      mkdirSync(directory);
      const { status, stdout, stderr } = spawnSync(twin, [strategy, directory, String(COUNT)], {
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
      assert.match(stdout, new RegExp(`^\\d+ \\d+ ${1 + COUNT}\n$`));
      assert.deepEqual(readdirSync(directory), []);
    });
  }
});

test('the C twin makes the system calls that a worker makes', async (t) => {
  if (!hasCompiler(t)) return;
  if (!needs(t, hasCommand('strace', '-V'), 'strace is missing; apt-get install strace')) return;
  const home = temporaryDirectory(t);
  const twin = await twinIn(home);
  for (const strategy of TWINS) {
    const turn = TURNS[strategy] ?? [];
    await t.test(`${strategy}: ${turn.join(', ')}`, () => {
      const log = join(home, `${strategy}.log`);
      const ended = spawnSync('strace', ['-f', '-o', log, twin, strategy, home, String(COUNT)]);
      assert.equal(ended.status, 0, String(ended.stderr));
      const lines = readFileSync(log, 'latin1').split('\n');
      const calls = callsOf(/^\d+/.exec(lines[0] ?? '')?.[0] ?? '', lines);
      // Untimed and timed: each loop is between two looks at the processor time.
      const marks = calls.flatMap((call, i) => (call === 'getrusage' ? [i] : []));
      assert.equal(marks.length, 4);
      const others = calls.slice(0, marks[0]).filter((call) => call === 'fcntl').length;
      assert.equal(others, strategy === 'fcntl-range' ? OTHER_LOCKS : 0, 'ranges held besides');
      for (const i of [0, 2]) {
        const loop = calls.slice((marks[i] ?? 0) + 1, marks[i + 1]);
        assert.deepEqual(loop, callsOfTurns(turn, COUNT));
      }
    });
  }
});

test('the C twin says which call failed, and leaves no file', async (t) => {
  if (!hasCompiler(t)) return;
  const home = temporaryDirectory(t);
  const twin = await twinIn(home);
  for (const [args, said] of [
    [['excl', join(home, 'missing'), '10'], /^open: /],
    [['exkl', home, '10'], /"exkl"/],
    [['excl', home, '0'], /"0"/],
    [['excl', home], /usage/],
  ] as const) {
    const { status, stdout, stderr } = spawnSync(twin, args, { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, said);
  }
  assert.deepEqual(readdirSync(home), ['twin']);
});

for (const [args, expected] of [
  [['--pairs', '0'], /a whole number from 1 to 1000 was expected, got "0"/],
  [['--pairs', 'many'], /a whole number from 1 to 1000 was expected, got "many"/],
  [['--only', 'strat'], /one of .* was expected, got "strat"; did you mean "start"\?/],
  [['--rounds', '3'], /"--pairs N" or "--only NAME" was expected: .*--rounds/],
  [['start'], /"--pairs N" or "--only NAME" was expected: .*start/],
] as const) {
  test(`the harness refuses ${args.join(' ')}`, async () => {
    const { code, stdout, stderr } = await lockbench(args, { program: harness });
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, /^[^\n]+\n$/);
    assert.match(stderr, expected);
  });
}

test('without a compiler the harness says what to install, and leaves nothing', async (t) => {
  const env = { ...process.env, PATH: temporaryDirectory(t) };
  for (const [section, lacking] of [
    ['c', ''],
    ['loop', 'C: '],
  ] as const) {
    const started = start(['--only', section], { program: harness, env });
    const { code, stdout, stderr } = await started.ended;
    assert.equal(code, 3, stderr);
    assert.ok(stdout.includes(`Not measured: ${lacking}there is no C compiler "cc"; install one`), stdout);
    assert.deepEqual(leftBy(started.pid, [MEMORY, tmpdir()]), []);
  }
});

test('a twin that fails costs the row of its lock, and no other', async (t) => {
  if (!hasCompiler(t)) return;
  const tools = temporaryDirectory(t);
  // Compiles, and puts a program before the twin that lets two locks through to it.
  const compiler = `#!/bin/sh
PATH=\${PATH#*:}
cc "$@" || exit
while [ "$1" != -o ]; do shift; done
mv "$2" "$2.real"
cat > "$2" <<'end'
#!/bin/sh
case $1 in none | fcntl) exec "$0.real" "$@" ;; esac
echo 'bind: Address already in use' >&2
exit 1
end
chmod 755 "$2" "$2.real"
`;
  writeFileSync(join(tools, 'cc'), compiler, { mode: 0o755 });
  const env = { ...process.env, PATH: `${tools}:${process.env.PATH}` };
  const args = ['--only', 'c', '--pairs', '1'];
  const { code, stdout, stderr } = await lockbench(args, { program: harness, env });
  assert.equal(code, 3, stderr);
  assert.match(stdout, /^│ none +│.*\n│ fcntl +│.*\n└/m);
  assert.match(stdout, /^Not measured: port: .*bind: Address already in use\.$/m);
  assert.equal(stdout.match(/^Not measured: /gm)?.length, TWINS.length - 2);
});

test('the harness measures the empty loop on both sides', async (t) => {
  if (!hasCompiler(t)) return;
  const { code, stdout, stderr } = await lockbench(['--only', 'loop', '--pairs', '1'], { program: harness });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /│ TypeScript +│ +[\d.]+ [nµm]s │/);
  assert.match(stdout, /│ C +│ +[\d.]+ [pnµm]s │/);
});

for (const section of ['c', 'start']) {
  test(`Ctrl-C in the section "${section}" leaves nothing`, async (t) => {
    if (section === 'c' && !hasCompiler(t)) return;
    const started = start(['--only', section], { program: harness });
    await until('a worker runs', () => workersOf(started.pid).length > 0);
    started.kill('SIGINT');
    const { code, stderr } = await started.ended;
    assert.equal(code, 130, stderr);
    assert.equal(stderr, '');
    assert.deepEqual(childrenOf(started.pid), []);
    assert.deepEqual(leftBy(started.pid, [MEMORY, tmpdir()]), []);
  });
}

test('memory of processes is summed up, shared pages once where the kernel tells', () => {
  const one = memoryOf([process.pid]);
  const two = memoryOf([process.pid, process.pid]);
  assert.equal(one.kind, two.kind);
  assert.ok(one.bytes > 1e6 && two.bytes > 1.5 * one.bytes, `${one.bytes}, ${two.bytes}`);
  // The whole of a Node that no other shares takes more than its part of shared pages.
  if (one.kind === 'Pss') assert.ok(one.bytes <= process.memoryUsage.rss() * 1.1);
  assert.throws(() => memoryOf([2 ** 30]), /ENOENT/);
});
