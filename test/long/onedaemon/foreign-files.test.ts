/**
 * Files that are not a daemon's, and names that somebody else put where one is expected: nothing is written through them.
 */
import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Bench, wayNames } from '../../support/daemons.js';
import { isRoot, lockbench, needs } from '../../support/support.js';

const STRANGER = 65532;

/** What begins like a pid file and is none, is too long for one, or is no pid. */
const OF_OTHERS: readonly string[] = [
  '20261128153000123456789012345678 a line\n',
  `${'1234567\n'.repeat(40)}`,
  '812\n/var/lib/postgresql\n',
  '20261128\n',
  '17\0',
  `${' '.repeat(200)}17\n`,
  '-1\n',
];

for (const way of wayNames) {
  test(`${way}: what is not wholly a pid file is left as it is`, async (t) => {
    const bench = new Bench(t, way);
    for (const text of OF_OTHERS) {
      writeFileSync(bench.pidFile, text);
      const { code, stdout, stderr } = await bench.run(['echo', 'ran']);
      assert.deepEqual([code, stdout, readFileSync(bench.pidFile, 'utf8')], [2, '', text], stderr);
    }
    for (const text of ['17\n', '17', ' 17 \n', '17\n18\n', '\n']) {
      writeFileSync(bench.pidFile, text);
      assert.equal((await bench.run(['true'])).code, 0, JSON.stringify(text));
    }
  });

  test(`${way}: root follows no link of another user, and makes nothing where it leads`, async (t) => {
    if (!needs(t, isRoot, 'only root can give a link to another user')) return;
    const bench = new Bench(t, way);
    const victim = join(bench.directory, 'victim');
    symlinkSync(victim, bench.pidFile);
    lchownSync(bench.pidFile, STRANGER, STRANGER);
    for (const makes of [false, true]) {
      if (makes) writeFileSync(victim, '');
      const { code, stderr } = await bench.run(['true']);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /a link of this user or of root was expected, .* belongs to uid 65532; /);
      assert.equal(existsSync(victim), makes);
    }
    const linked = join(bench.directory, 'way');
    symlinkSync(bench.directory, linked);
    lchownSync(linked, STRANGER, STRANGER);
    const { code } = await lockbench([
      'onedaemon',
      '--pidfile',
      join(linked, 'y.pid'),
      '--by',
      way,
      '--',
      'true',
    ]);
    assert.deepEqual([code, existsSync(join(bench.directory, 'y.pid'))], [2, false]);
  });
}

test('a guard is not made where a link in its place leads, and nothing is left', async (t) => {
  const bench = new Bench(t, 'excl-pid');
  const victim = join(bench.directory, 'victim');
  symlinkSync(victim, `${bench.pidFile}.guard`);
  const { code, stdout, stderr } = await bench.run(['echo', 'ran']);
  assert.deepEqual([code, stdout, existsSync(victim)], [2, '', false], stderr);
  assert.match(stderr, /^lockbench: --by excl-pid: .*ELOOP[^\n]*\n$/);
});

test('shm-flag: memory that is not ours is refused in one line', async (t) => {
  const bench = new Bench(t, 'shm-flag');
  writeFileSync(bench.pidFile, '');
  const target = join(bench.directory, 'target');
  writeFileSync(target, Buffer.alloc(4096));
  for (const plant of [
    () => symlinkSync(target, bench.page),
    () => writeFileSync(bench.page, ''),
    () => {
      writeFileSync(bench.page, Buffer.alloc(4096));
      chmodSync(bench.page, 0o666);
    },
  ]) {
    plant();
    const { code, stdout, stderr } = await bench.run(['echo', 'ran']);
    assert.deepEqual([code, stdout], [2, ''], stderr);
    assert.match(stderr, /^lockbench: --by shm-flag: [^\n]*\n$/);
    assert.deepEqual(readFileSync(target), Buffer.alloc(4096));
    rmSync(bench.page);
  }
});

test("another user's pid file: the refusal says whose it is, and whether one runs", async (t) => {
  if (!needs(t, isRoot, 'only root can start for two users')) return;
  const bench = new Bench(t, 'excl-pid');
  const as = { uid: STRANGER, gid: STRANGER };
  const { daemon } = await bench.running();
  const refused = await bench.run(['true'], [], as);
  assert.equal(refused.code, 2, refused.stderr);
  assert.match(
    refused.stderr,
    new RegExp(`belongs to uid 0 \\(root\\), and sleep \\(pid ${daemon.pid}\\) runs by it`),
  );
  daemon.kill('SIGTERM');
  await daemon.ended;
  assert.match(
    (await bench.run(['true'], [], as)).stderr,
    /belongs to uid 0 \(root\), and no daemon has locked it/,
  );
  // The file is his by now, the guard is not: nothing of his is left.
  chownSync(bench.pidFile, STRANGER, STRANGER);
  const third = await bench.run(['true'], [], as);
  assert.equal(third.code, 2, third.stderr);
  const names = readdirSync(bench.directory);
  assert.ok(!names.some((name) => name.includes('.own.')), names.join(' '));
});
