/**
 * The harness that measures the measuring machine refuses, misses and ends as every command does.
 */
import '../../support/own-memory.js';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { memoryOf } from '../../../bench/dev/harness/memory.js';
import { onOneProcessorUntil } from '../../../bench/dev/harness/one-processor.js';
import { allowedProcessors } from '../../../strategies/posix/affinity.js';
import { until } from '../../support/limit.js';
import { childrenOf, leftBy, workersOf } from '../../support/processes.js';
import { hasCommand, lockbench, needs, start, temporaryDirectory } from '../../support/support.js';

const harness = fileURLToPath(new URL('../../../bench/dev/harness/harness.js', import.meta.url));
const NO_COMPILER = 'there is no cc; apt-get install gcc libc6-dev';
const MEMORY = '/dev/shm';

const hasCompiler = (t: TestContext): boolean => needs(t, hasCommand('cc'), NO_COMPILER);

// First, since the others start processes by the same means.
test('what is started on one processor stays there, and the parent may run everywhere again', async () => {
  const before = allowedProcessors();
  const allowedInChild = await onOneProcessorUntil(async () =>
    spawnSync('cat', ['/proc/self/status'], { encoding: 'utf8' }),
  );
  assert.match(allowedInChild.stdout, new RegExp(`^Cpus_allowed_list:\\s+${before.at(-1)}$`, 'm'));
  assert.deepEqual(allowedProcessors(), before);
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
  const started = start(['--only', 'c'], { program: harness, env });
  const { code, stdout, stderr } = await started.ended;
  assert.equal(code, 3, stderr);
  assert.ok(stdout.includes('Not measured: there is no C compiler "cc"; install one'), stdout);
  assert.deepEqual(leftBy(started.pid, [MEMORY, tmpdir()]), []);
});

test('the harness measures the empty loop', async () => {
  const { code, stdout, stderr } = await lockbench(['--only', 'loop', '--pairs', '1'], { program: harness });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /│ loop +│ +[\d.]+ [nµm]s │/);
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
