/**
 * The programs of others beside ours, at small size: each says figures that are read, and nothing is left behind.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isInstalled } from '../../../bench/dev/peers/run-peer.js';
import { until } from '../../support/limit.js';
import { childrenOf, leftBy } from '../../support/processes.js';
import { hasCommand, lockbench, needs, start } from '../../support/support.js';

const peers = fileURLToPath(new URL('../../../bench/dev/peers/peers.js', import.meta.url));
const MEMORY = '/dev/shm';

for (const [program, debianPackage, rows] of [
  ['ping_pong', 'ctdb', 3],
  ['stress-ng', 'stress-ng', 5],
  ['sysbench', 'sysbench', 2],
  ['flock', 'util-linux', 1],
] as const) {
  test(`${program} beside ours`, async (t) => {
    if (!needs(t, isInstalled(program), `apt-get install ${debianPackage}`)) return;
    if (!needs(t, hasCommand('cc'), 'there is no cc; apt-get install gcc libc6-dev')) return;
    const started = start(['--only', program, '--blocks', '1'], { program: peers });
    const { code, stdout, stderr } = await started.ended;
    // Of stress-ng --sem, which ends after a second, it may be that it did nothing in that second.
    const isSem = stdout.includes('stress-ng --sem: not measured: the line of sem');
    assert.equal(code, isSem ? 3 : 0, `${stdout}${stderr}`);
    const figures =
      stdout.match(/^│ (?:\S.*?) +│ +[\d.]+ [nµm]?s │ +[\d.]+ [nµm]?s │ +(?:[\d.]+|-) │/gm) ?? [];
    assert.equal(figures.length, program === 'stress-ng' && !isSem ? rows + 1 : rows, stdout);
    assert.deepEqual(leftBy(started.pid, [MEMORY]), []);
  });
}

test('what is absent is named with its package, and the rest goes on', async (t) => {
  if (!needs(t, hasCommand('cc'), 'there is no cc; apt-get install gcc libc6-dev')) return;
  const env = { ...process.env, PATH: '/nonexistent' };
  const { code, stdout } = await lockbench(['--blocks', '1', '--only', 'sysbench'], { program: peers, env });
  assert.equal(code, 0);
  assert.match(stdout, /^sysbench: skipped: apt-get install sysbench$/m);
  assert.match(stdout, /^Nothing was measured\.$/m);
});

test('a signal ends the peer with what it has started', async (t) => {
  if (!needs(t, isInstalled('ping_pong'), 'apt-get install ctdb')) return;
  if (!needs(t, hasCommand('cc'), 'there is no cc; apt-get install gcc libc6-dev')) return;
  const started = start(['--only', 'ping_pong', '--blocks', '1000'], { program: peers });
  await until('ping_pong runs', () => childrenOf(started.pid).length > 0);
  started.kill('SIGINT');
  const { code } = await started.ended;
  assert.equal(code, 130);
  assert.deepEqual(childrenOf(started.pid), []);
  assert.deepEqual(leftBy(started.pid, [MEMORY]), []);
});

for (const [args, expected] of [
  [['--blocks', '0'], /a whole number from 1 to 1000 was expected, got "0"/],
  [['--only', 'pingpong'], /one of .* was expected, got "pingpong"; did you mean "ping_pong"\?/],
  [['--pairs', '2'], /"--blocks N" or "--only NAME" was expected: .*--pairs/],
] as const) {
  test(`the peers refuse ${args.join(' ')}`, async () => {
    const { code, stdout, stderr } = await lockbench(args, { program: peers });
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, expected);
  });
}
