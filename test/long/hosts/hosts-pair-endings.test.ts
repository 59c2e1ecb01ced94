import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { until } from '../../support/limit.js';
import { startWords } from '../../support/mpi-hosts.js';
import { NEVER_HAD, startPair, untilTrying, untilWaiting } from '../../support/pairs.js';
import { childrenOf, endNow } from '../../support/processes.js';
import { hasCommand, needs, program, temporaryDirectory } from '../../support/support.js';

describe('hosts --pair, ended', () => {
  test('by Ctrl-C while it waits: nothing is left', async (t) => {
    const directory = temporaryDirectory(t);
    const one = startPair(directory, []);
    await untilWaiting(directory, one);
    one.kill('SIGINT');
    const { code, stdout } = await one.ended;
    assert.equal(code, 130);
    assert.equal(stdout, '');
    assert.deepEqual(readdirSync(directory), []);
  });

  test('by Ctrl-C in the midst of a look: the name to look by goes, too', async (t) => {
    if (!needs(t, hasCommand('strace', '-V'), 'strace is missing; apt-get install strace')) return;
    const directory = temporaryDirectory(t);
    // A look makes a name and removes it: each is held up before the removal, and so is the end of a process that is killed there.
    const heldUp = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'inject=rmdir:delay_enter=2000000'];
    const pair = [process.execPath, program, 'hosts', '--pair', '--dir', directory, '--stay-root'];
    const traced = startWords(t, [...heldUp, ...pair]);
    await until('it looks', () => readdirSync(directory).some((name) => name.endsWith('.look')));
    const [started] = readFileSync(`/proc/${traced.pid}/task/${traced.pid}/children`, 'latin1').split(' ');
    process.kill(Number(started), 'SIGINT');
    assert.equal((await traced.ended).code, 130);
    assert.deepEqual(readdirSync(directory), []);
  });

  for (const who of ['the one in whose directory they talk', 'the other one'] as const) {
    test(`by Ctrl-C in the middle, ${who}: both end, nothing is left`, async (t) => {
      const directory = temporaryDirectory(t);
      const both = [startPair(directory, [NEVER_HAD]), startPair(directory, [NEVER_HAD])] as const;
      const [first, second] = await untilTrying(directory, both);
      const [ended, left] = who === 'the other one' ? [second, first] : [first, second];
      ended.kill('SIGINT');
      assert.equal((await ended.ended).code, 130);
      const { code, stdout, stderr } = await left.ended;
      assert.equal(code, 3, stderr);
      assert.match(stdout, /INCONCLUSIVE: .*(has left|was killed)/);
      assert.deepEqual(readdirSync(directory), []);
    });
  }

  test('by SIGKILL in the middle: the other one is told, and removes what is left, since it sees that its maker has ended', async (t) => {
    const directory = temporaryDirectory(t);
    const both = [startPair(directory, [NEVER_HAD]), startPair(directory, [NEVER_HAD])] as const;
    const [first, second] = await untilTrying(directory, both);
    endNow(first.pid);
    assert.equal((await first.ended).signal, 'SIGKILL');
    const { code, stdout, stderr } = await second.ended;
    assert.equal(code, 3, stderr);
    assert.match(stdout, /INCONCLUSIVE: .*was killed/);
    assert.deepEqual(readdirSync(directory), []);
  });

  test('by SIGKILL of both: the next start removes what is left', async (t) => {
    const directory = temporaryDirectory(t);
    const both = [startPair(directory, [NEVER_HAD]), startPair(directory, [NEVER_HAD])] as const;
    await untilTrying(directory, both);
    // At once, so that neither clears away after the other.
    for (const { pid } of both) process.kill(pid, 'SIGKILL');
    await Promise.all(both.map(({ ended }) => ended));
    await until('what they had started is gone', () => both.every(({ pid }) => childrenOf(pid).length === 0));
    assert.notDeepEqual(readdirSync(directory), []);
    await startPair(directory, ['--wait-for', '1ms']).ended;
    assert.deepEqual(readdirSync(directory), []);
  });

  test('a third one finds nobody who is free', async (t) => {
    const directory = temporaryDirectory(t);
    const both = [startPair(directory, [NEVER_HAD]), startPair(directory, [NEVER_HAD])] as const;
    await untilTrying(directory, both);
    const third = await startPair(directory, ['--wait-for', '2s']).ended;
    assert.equal(third.code, 3);
    assert.match(third.stderr, /nobody came/);
    for (const one of both) one.kill('SIGTERM');
    await Promise.all(both.map(({ ended }) => ended));
    assert.deepEqual(readdirSync(directory), []);
  });

  test('at once, where both do not try the same: exit 2 on both', async (t) => {
    const directory = temporaryDirectory(t);
    const both = [startPair(directory, ['fcntl', '--quiet']), startPair(directory, ['excl', '--quiet'])];
    for (const { ended } of both) {
      const { code, stderr } = await ended;
      assert.equal(code, 2, stderr);
      assert.match(
        stderr,
        /^lockbench: hosts --pair: the same locks were expected on both hosts, got none and/m,
      );
    }
    assert.deepEqual(readdirSync(directory), []);
  });
});
