/**
 * A daemon runs once, by whatever way it is locked; and what becomes of that when it ends, in order or not.
 */
import assert from 'node:assert/strict';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Bench, childrenOf, filesOf, nameOf, wayNames } from '../../support/daemons.js';
import { until } from '../../support/limit.js';

/** What is left after an end in order: the pid file, and for the same reason excl-pid's guard. */
const STAYS: Readonly<Record<string, readonly string[]>> = { 'excl-pid': ['x.pid', 'x.pid.guard'] };
const staysOf = (way: string): readonly string[] => STAYS[way] ?? ['x.pid'];

for (const way of wayNames) {
  describe(way, () => {
    test('the second start ends at once and names the first', async (t) => {
      const bench = new Bench(t, way);
      const { daemon } = await bench.running();
      assert.equal(bench.pid, `${daemon.pid}\n`, 'the pid of who holds the lock, and a newline');

      const { code, stdout, stderr } = await bench.run(['sh', '-c', 'echo two run']);
      assert.equal(code, 75);
      assert.equal(stdout, '');
      const said = `lockbench: unable to lock ${bench.pidFile}, is sleep (pid ${daemon.pid}) already running?`;
      assert.ok(stderr.startsWith(said), stderr);
      assert.match(stderr, /^[^\n]*\n$/);
      assert.equal((await bench.run([], ['--exit-code', '0'])).code, 0);
      assert.equal(bench.pid, `${daemon.pid}\n`, 'the pid is still there');
    });

    test('an end in order leaves no pid, and the next start succeeds', async (t) => {
      const bench = new Bench(t, way);
      assert.equal((await bench.run(['sh', '-c', 'test -s "$0"', bench.pidFile])).code, 0);
      assert.deepEqual(readdirSync(bench.directory), staysOf(way));
      assert.equal(bench.pid, '', 'a link to the file, or a mount of it, leads there as before');
      assert.equal((await bench.run(['true'])).code, 0);
    });

    test('a start that is killed takes its command along', async (t) => {
      const bench = new Bench(t, way);
      const { daemon, command } = await bench.running();
      daemon.kill('SIGKILL');
      await until('both have ended', () => nameOf(daemon.pid) === null && nameOf(command) === null);
      const { code, stderr } = await bench.run(['true']);
      if (way !== 'shm-flag') {
        assert.equal(code, 0, stderr);
        assert.deepEqual(readdirSync(bench.directory), staysOf(way), 'nothing of the dead is left');
        return;
      }
      assert.equal(code, 75);
      const { page } = bench;
      assert.match(stderr, new RegExp(`pid ${daemon.pid}, which stands there, has ended`));
      assert.ok(stderr.endsWith(`rm ${page}\n`), stderr);
      rmSync(page);
      assert.equal((await bench.run(['true'])).code, 0, 'what was said to free it does');
    });

    test('of several that start at once, one runs', async (t) => {
      const bench = new Bench(t, way);
      const starts = Array.from({ length: 5 }, () => bench.start([], []));
      const codes: (number | null)[] = [];
      for (const { ended } of starts) void ended.then(({ code }) => codes.push(code));
      await until('all but one have ended', () => codes.length >= starts.length - 1);
      await until('the pid of one stands in the file', () => Number(bench.pid) > 0);
      assert.deepEqual(codes, Array(starts.length - 1).fill(75));
      const first = starts.find(({ pid }) => bench.pid === `${pid}\n`);
      assert.ok(first !== undefined, `pid ${bench.pid}`);
      assert.equal(nameOf(first.pid), 'onedaemon');
      first.kill('SIGTERM');
      assert.equal((await first.ended).code, 143);
    });

    test('the lock does not reach what the command leaves running', async (t) => {
      const bench = new Bench(t, way);
      const { daemon, command } = await bench.running(['sh', '-c', 'sleep 1000 & wait']);
      await until('it has started another', () => childrenOf(command).some((pid) => nameOf(pid) === 'sleep'));
      const [left = 0] = childrenOf(command);
      t.after(() => bench.end(left));
      assert.deepEqual(
        filesOf(left).filter((path) => path.startsWith(bench.directory) || path.startsWith('socket:')),
        [],
      );
      daemon.kill('SIGKILL');
      await until('both have ended', () => nameOf(daemon.pid) === null && nameOf(command) === null);
      assert.equal(nameOf(left), 'sleep', 'it ended, too; the test proves nothing');
      if (way !== 'shm-flag') assert.equal((await bench.run(['true'])).code, 0);
    });
  });
}

for (const way of ['fcntl', 'flock'] as const) {
  test(`${way}: the last pid is overwritten whole, though it had more digits, and the file stays open`, async (t) => {
    const bench = new Bench(t, way);
    writeFileSync(bench.pidFile, '4194304\n');
    const { daemon } = await bench.running();
    assert.equal(bench.pid, `${daemon.pid}\n`);
    assert.ok(filesOf(daemon.pid).includes(bench.pidFile), 'closing it would drop the lock');
  });
}

test('excl-pid: who is killed while the lock passes on leaves nothing that the next one does not remove', async (t) => {
  const bench = new Bench(t, 'excl-pid');
  for (let killed = 0; killed < 3; killed++) {
    const { daemon } = await bench.running();
    daemon.kill('SIGKILL');
    await daemon.ended;
  }
  const { daemon } = await bench.running();
  assert.equal(readdirSync(bench.directory).filter((name) => name.startsWith('x.pid.own.')).length, 1);
  daemon.kill('SIGTERM');
  await daemon.ended;
  assert.equal(bench.pid, '');
});
