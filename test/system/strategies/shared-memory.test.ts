/**
 * `Atomics` on a plain ArrayBuffer over mapped memory are true atomic instructions between processes. The language does
 * not promise it: V8 does it, and all that two processes share here rests on it.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createNamed, openNamed, removeNamed, shmPath } from '../../../strategies/posix/shared-memory.js';
import { hasCommand, isRoot, needs, temporaryDirectory } from '../../support/support.js';

const library = new URL('../../../strategies/posix/shared-memory.js', import.meta.url).href;
const adder = fileURLToPath(new URL('../../fixtures/adder.js', import.meta.url));
const PROCESSES = 3;
const TIMES = 1_000_000;

test('no atomic addition of several processes is lost', async (t) => {
  const name = `lockbench-test-${process.pid}`;
  createNamed(name, 4096);
  t.after(() => removeNamed(name));
  const children = Array.from({ length: PROCESSES }, () =>
    spawn(process.execPath, [adder, name, String(TIMES)]),
  );
  await Promise.all(children.map((child) => once(child, 'close')));
  const words = new Int32Array(openNamed(name, 4096).buffer);
  assert.equal(Atomics.load(words, 0), PROCESSES * TIMES);
});

test('named memory is made once, and removing it twice is no error', () => {
  const name = `lockbench-test-${process.pid}-once`;
  createNamed(name, 4096);
  assert.throws(() => createNamed(name, 4096), { code: 'EEXIST' });
  removeNamed(name);
  removeNamed(name);
  assert.throws(() => openNamed(name, 4096), { code: 'ENOENT' });
});

test('named memory that there is no room for is refused, and leaves no name', (t) => {
  const name = `lockbench-test-${process.pid}-full`;
  const line = `import { createNamed } from '${library}'; createNamed('${name}', 4096);`;
  // A memory of its own, full to the last page.
  const script = [
    'mount -t tmpfs -o size=64k lockbench-test /dev/shm',
    'head -c 65536 /dev/zero > /dev/shm/full',
    `'${process.execPath}' --input-type=module -e "$1"; code=$?`,
    'ls -A /dev/shm; exit $code',
  ].join('; ');
  const mounts = ['--mount', '--map-root-user'];
  if (!needs(t, hasCommand('unshare', ...mounts, 'true'), 'mount namespaces are not to be had')) return;
  const { status, stdout, stderr } = spawnSync('unshare', [...mounts, 'sh', '-c', script, 'sh', line], {
    encoding: 'utf8',
  });
  assert.match(stderr, /posix_fallocate: ENOSPC/);
  assert.equal(status, 1, 'a signal was not expected');
  assert.equal(stdout, 'full\n');
});

test('named memory has its length when it has its name', (t) => {
  // Killed before it sets the length: a name without one would end a process that maps it.
  const killed = ['-f', '-qq', '-o', '/dev/null', '-e', 'inject=fallocate:signal=SIGKILL'];
  if (!needs(t, hasCommand('strace', ...killed, 'true'), 'strace is missing or may not trace here')) return;
  const name = `lockbench-test-${process.pid}-short`;
  t.after(() => removeNamed(name));
  const line = `import { createNamed } from '${library}'; createNamed('${name}', 4096);`;
  const args = [...killed, process.execPath, '--input-type=module', '-e', line];
  assert.equal(spawnSync('strace', args).signal, 'SIGKILL', 'it was not killed; the test proves nothing');
  assert.throws(() => openNamed(name, 4096), { code: 'ENOENT' });
});

test('what somebody else put under the name is not mapped, and its target not touched', (t) => {
  const name = `lockbench-test-${process.pid}-planted`;
  const path = shmPath(name);
  const directory = temporaryDirectory(t);
  const precious = join(directory, 'precious');
  writeFileSync(precious, Buffer.alloc(4096), { mode: 0o600 });
  t.after(() => removeNamed(name));
  const plantings: Readonly<Record<string, () => void>> = {
    link: () => symlinkSync(precious, path),
    'empty file': () => writeFileSync(path, '', { mode: 0o600 }),
    'page that others write': () => {
      writeFileSync(path, Buffer.alloc(4096));
      chmodSync(path, 0o666);
    },
    directory: () => mkdirSync(path),
    'named pipe': () => assert.equal(spawnSync('mkfifo', ['-m', '600', path]).status, 0),
  };
  for (const [what, plant] of Object.entries(plantings)) {
    plant();
    assert.throws(() => createNamed(name, 4096), { code: 'EEXIST' }, what);
    assert.throws(() => openNamed(name, 4096), /(ELOOP|EISDIR|shared memory of 4096 bytes, .* got)/, what);
    rmSync(path, { recursive: true });
  }
});

test('another user’s page is not ours', (t) => {
  if (!needs(t, isRoot, 'giving files away needs root')) return;
  const name = `lockbench-test-${process.pid}-foreign`;
  createNamed(name, 4096);
  t.after(() => removeNamed(name));
  chownSync(shmPath(name), 65533, 65533);
  assert.throws(() => openNamed(name, 4096), /uid 0 was expected, got .* uid 65533/);
});
