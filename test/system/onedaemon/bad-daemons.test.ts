/**
 * What `onedaemon` refuses, and that it leaves nothing when it does.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseMountinfo } from '../../../bench/machine/file-system.js';
import type { Mount } from '../../../bench/machine/mount.js';
import { requireReach } from '../../../bench/onedaemon/daemon-lock.js';
import { wayNames } from '../../../bench/onedaemon/ways.js';
import { loadStrategy } from '../../../strategies/index.js';
import { assertRefused, type Refusal, sandbox, unprivileged } from '../../support/refusal.js';
import { hasCommand, needs, program, temporaryDirectory } from '../../support/support.js';

const given = ['onedaemon', '--pidfile', 'x.pid'];

const refused: readonly (readonly [readonly string[], Refusal])[] = [
  [
    ['onedaemon'],
    { expected: /--pidfile and the name of a file were expected/, came: 'none', hint: /for example/ },
  ],
  [['onedaemon', '--pidfile'], { expected: /argument/, came: '--pidfile', hint: /--help/ }],
  [
    ['onedaemon', '--pidfile', ''],
    { expected: /a file that can be written was expected/, came: '""', hint: /name another place/ },
  ],
  [
    ['onedaemon', '--pidfile', '/no/such/dir/x.pid'],
    {
      expected: /a file that can be written/,
      came: '"/no/such/dir/x.pid" cannot be (ENOENT: no such file or directory)',
      hint: /folder first/,
    },
  ],
  [
    ['onedaemon', '--pidfile', '/tmp'],
    {
      expected: /a regular file was expected/,
      came: '"/tmp" is a directory',
      hint: /such as \/tmp\/name\.pid/,
    },
  ],
  [
    ['onedaemon', '--pidfile', 'new.pid/'],
    {
      expected: /a file that can be written was expected/,
      came: '"new.pid/" cannot be (EISDIR: illegal operation on a directory)',
      hint: /name another place/,
    },
  ],
  [
    ['onedaemon', '--pidfile', '/dev/null'],
    {
      expected: /a regular file was expected/,
      came: '"/dev/null" is none',
      hint: /such as \/run\/name\.pid/,
    },
  ],
  [
    [...given, '--by', 'flok'],
    { expected: /one of fcntl, flock, .* was expected/, came: '"flok"', hint: /did you mean "flock"\?/ },
  ],
  [
    [...given, '--by', 'sqlite'],
    { expected: /one of fcntl, flock, .* was expected/, came: '"sqlite"', hint: /for example --by fcntl/ },
  ],
  [
    [...given, '--exit-code', '256'],
    { expected: /a whole number from 0 to 255 was expected/, came: '"256"', hint: /for example --exit-code/ },
  ],
  [
    [...given, 'sleep', '60'],
    { expected: /the command was expected after "--"/, came: '"sleep"', hint: /-- sleep 60/ },
  ],
  [[...given, 'sleep', '-x'], { expected: /option/, came: '-x', hint: /--help/ }],
  [
    [...given, '--by', 'flock', '--inherit'],
    { expected: /a command was expected/, came: '--inherit', hint: /after "--"/ },
  ],
  ...wayNames
    .filter((name) => name !== 'flock')
    .map((name): readonly [readonly string[], Refusal] => [
      [...given, '--by', name, '--inherit', '--', 'true'],
      {
        expected: /a lock that a child can have was expected/,
        came: `that of ${name} cannot be inherited: `,
        hint: /--by flock/,
      },
    ]),
];

for (const [args, refusal] of refused) {
  test(`${args.map((word) => (word === '' ? '""' : word)).join(' ')} is refused`, async (t) => {
    await assertRefused(sandbox(t), args, refusal);
  });
}

for (const by of wayNames) {
  test(`--by ${by}: a file that holds no pid is refused, and left as it is`, async (t) => {
    const box = sandbox(t);
    const path = join(box.cwd, 'precious');
    writeFileSync(path, 'words\n');
    const refusal = {
      expected: /an empty file or one that holds a pid was expected/,
      came: `"${path}" holds something else`,
      hint: /it would be overwritten; name another/,
    };
    await assertRefused(box, ['onedaemon', '--pidfile', path, '--by', by, '--', 'true'], refusal);
    assert.equal(readFileSync(path, 'utf8'), 'words\n');
  });

  test(`--by ${by}: a directory that cannot be written to is refused`, async (t) => {
    const box = sandbox(t);
    const closed = join(box.measured, 'closed');
    mkdirSync(closed, { mode: 0o555 });
    const path = join(closed, 'x.pid');
    const refusal = {
      expected: /a file that can be written/,
      came: `cannot be (EACCES: permission denied)`,
      hint: /name another place/,
    };
    await assertRefused(box, ['onedaemon', '--pidfile', path, '--by', by], refusal, unprivileged);
    assert.ok(!existsSync(path));
  });
}

/** The program under strace, which lets its calls fail. */
function runInjected(t: TestContext, inject: readonly string[], args: readonly string[]) {
  const options = ['-f', '-qq', '-o', '/dev/null', ...inject];
  if (!needs(t, hasCommand('strace', ...options, 'true'), 'strace is missing or may not trace here'))
    return null;
  const words = [...options, process.execPath, program, 'onedaemon', ...args, '--', 'echo', 'ran'];
  return spawnSync('strace', words, { encoding: 'utf8' });
}

test('a port that cannot be bound is refused, and no pid is left', (t) => {
  const pidFile = join(temporaryDirectory(t), 'x.pid');
  // As where loopback is down, and another interface is up.
  const ended = runInjected(
    t,
    ['-e', 'inject=bind:error=EADDRNOTAVAIL'],
    ['--pidfile', pidFile, '--by', 'port'],
  );
  if (ended === null) return;
  assert.deepEqual([ended.status, ended.stdout], [2, '']);
  assert.match(
    ended.stderr,
    /^lockbench: --by port: it needs the loopback interface to be up, .*EADDRNOTAVAIL.*\n$/,
  );
  assert.equal(readFileSync(pidFile, 'utf8'), '');
});

const NFS = parseMountinfo('31 1 0:42 / /n rw - nfs4 192.0.2.1:/x rw,vers=4.2').at(0) as Mount;

for (const by of wayNames) {
  const { claims } = await loadStrategy(by);
  const isOfOneHost = claims.excludesAcrossNfs === 'not applicable';
  test(`--by ${by}: a pid file on NFS is ${isOfOneHost ? 'refused' : 'taken like another'}`, async () => {
    const strategy = await loadStrategy(by);
    const refusal = {
      message: `--by ${by}: a pid file of this host alone was expected, "/n/x.pid" is on NFSv4.2`,
    };
    if (isOfOneHost) assert.throws(() => requireReach(strategy, '/n/x.pid', NFS), refusal);
    else requireReach(strategy, '/n/x.pid', NFS);
  });
}
