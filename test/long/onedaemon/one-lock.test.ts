/**
 * One file, one lock: by whatever name, link, mount, pid namespace or way the other start came to it.
 */
import assert from 'node:assert/strict';
import { linkSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Bench, wayNames } from '../../support/daemons.js';
import { until } from '../../support/limit.js';
import { inNamespaces, OURS, startInPidNamespace } from '../../support/namespaces.js';
import { lockbench } from '../../support/support.js';

const second = (path: string, way: string) =>
  lockbench(['onedaemon', '--pidfile', path, '--by', way, '--', 'echo', 'SECOND']);

/** What leads to the same file, made before or after the first start. */
const OTHER_NAMES: readonly (readonly [string, (bench: Bench) => string])[] = [
  [
    'a link to it',
    ({ directory }) => {
      symlinkSync('x.pid', join(directory, 'link'));
      return join(directory, 'link');
    },
  ],
  [
    'a link to its directory',
    ({ directory }) => {
      symlinkSync('.', join(directory, 'here'));
      return join(directory, 'here', 'x.pid');
    },
  ],
  [
    'another name in another directory',
    ({ directory, pidFile }) => {
      mkdirSync(join(directory, 'other'));
      linkSync(pidFile, join(directory, 'other', 'y.pid'));
      return join(directory, 'other', 'y.pid');
    },
  ],
  [
    'the name that it was given meanwhile',
    ({ directory, pidFile }) => {
      renameSync(pidFile, join(directory, 'new'));
      return join(directory, 'new');
    },
  ],
];

for (const way of wayNames) {
  describe(way, () => {
    for (const [what, make] of OTHER_NAMES) {
      test(`a second start by ${what} is refused`, async (t) => {
        const bench = new Bench(t, way);
        const { daemon } = await bench.running();
        const { code, stdout, stderr } = await second(make(bench), way);
        assert.deepEqual([code, stdout], [75, ''], stderr);
        assert.match(stderr, new RegExp(`is sleep \\(pid ${daemon.pid}\\) already running\\?`));
        daemon.kill('SIGTERM');
        assert.equal((await daemon.ended).code, 143);
      });
    }

    test('a link of ours to a file that is not there yet leads to one lock, too', async (t) => {
      const bench = new Bench(t, way);
      mkdirSync(join(bench.directory, 'real'));
      symlinkSync('real/x.pid', bench.pidFile);
      await bench.running();
      const { code, stderr } = await second(join(bench.directory, 'real', 'x.pid'), way);
      assert.equal(code, 75, stderr);
    });

    test('a pid file that is a mount of its own is locked, and freed, as another', async (t) => {
      const bench = new Bench(t, way);
      writeFileSync(bench.pidFile, '');
      const start = `${OURS.join(' ')} onedaemon --pidfile ${bench.pidFile} --by ${way} --`;
      const story = `mount --bind ${bench.pidFile} ${bench.pidFile}; for i in 1 2; do ${start} sh -c "exit 7"; echo $?; done`;
      const played = inNamespaces(t, ['-m'], story);
      if (played === null) return;
      assert.deepEqual([played.stdout, played.stderr], ['7\n7\n', '']);
      assert.equal(bench.pid, '');
    });
  });
}

test('starts by different ways exclude each other on one file', async (t) => {
  for (const first of wayNames) {
    const bench = new Bench(t, first);
    const { daemon } = await bench.running();
    for (const way of wayNames) {
      const { code, stderr } = await second(bench.pidFile, way);
      assert.equal(code, 75, `${first}, then ${way}: ${stderr}`);
    }
    daemon.kill('SIGTERM');
    await daemon.ended;
    const { code, stderr } = await second(bench.pidFile, first);
    assert.equal(code, 0, `${first}: ${stderr}`);
  }
});

for (const way of wayNames) {
  test(`${way}: a daemon of another pid namespace is not taken for a process of ours`, async (t) => {
    const bench = new Bench(t, way);
    const start = [...OURS, 'onedaemon', '--pidfile', bench.pidFile, '--by', way, '--'];
    if (startInPidNamespace(t, [...start, 'sleep', '1000']) === null) return;
    await until('it runs', () => (bench.pid ?? '') !== '');
    const { code, stderr } = await bench.run(['true']);
    assert.equal(code, 75, stderr);
    assert.match(
      stderr,
      /is sleep \(pid \d+\) already running\? .*a process of another pid namespace, where its pid is \d+/,
    );
    const beside = inNamespaces(t, ['-pf', '--mount-proc'], `${start.join(' ')} true; echo $?`);
    assert.equal(beside?.stdout, '75\n', beside?.stderr);
    assert.match(beside?.stderr ?? '', /it is held by a process of another pid namespace/);
  });
}

test('nothing is left of starts that were refused', async (t) => {
  const bench = new Bench(t, 'excl-pid');
  await bench.running();
  const before = readdirSync(bench.directory).sort();
  for (let i = 0; i < 3; i++) assert.equal((await bench.run(['true'])).code, 75);
  assert.deepEqual(readdirSync(bench.directory).sort(), before);
});
