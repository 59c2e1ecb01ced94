/**
 * Directories and files by descriptor: no link is followed, nothing is waited for, and what is removed lies in the tree.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFile, openRegular, readAll, writeAll } from '../../../bench/machine/files/open-file.js';
import { makePrivateDirectory, rememberTested } from '../../../bench/machine/files/private-directory.js';
import { removeContents } from '../../../bench/machine/files/remove.js';
import { freshName } from '../../../bench/machine/owner-name.js';
import { endKeepers, keepDirectory } from '../../../bench/measure/parent/kept-directories.js';
import { makeRoundDirectory } from '../../../bench/measure/parent/round-directory.js';
import { strategy as none } from '../../../strategies/none.js';
import { AT_FDCWD, asName } from '../../../strategies/posix/at.js';
import { entriesOf, openBelow, openDirectory, shown } from '../../../strategies/posix/directory.js';
import { LIMIT_NS } from '../../support/limit.js';
import { isRoot, needs, temporaryDirectory } from '../../support/support.js';

for (const how of ['openat2', 'steps'] as const) {
  test(`by ${how}, a path with a link in it is refused, wherever the link is`, (t) => {
    const directory = temporaryDirectory(t);
    mkdirSync(join(directory, 'real', 'below'), { recursive: true });
    symlinkSync('real', join(directory, 'link'));
    closeSync(openDirectory(join(directory, 'real', 'below'), how));
    for (const path of ['link', 'link/below']) {
      assert.throws(() => openDirectory(join(directory, path), how), { code: /ELOOP|ENOTDIR/ }, path);
    }
    for (const path of ['relative', `${directory}/real/../real`]) {
      assert.throws(() => openDirectory(path, how), TypeError, path);
    }
    const parent = openDirectory(directory, how);
    closeSync(openBelow(parent, asName('real'), how));
    assert.throws(() => openBelow(parent, asName('link'), how), { code: /ELOOP|ENOTDIR/ });
    closeSync(parent);
  });
}

test('names are read as they are, bytes that are no text included', (t) => {
  const directory = temporaryDirectory(t);
  const odd = Buffer.concat([Buffer.from(`${directory}/`), Buffer.of(0xff, 0x0a)]);
  writeFileSync(odd, '');
  mkdirSync(join(directory, 'below'));
  const fd = openBelow(openDirectory(directory), asName('.'));
  const found = entriesOf(fd).map(({ name, isDirectory }) => [name.toString('latin1'), isDirectory]);
  closeSync(fd);
  assert.deepEqual(found.sort(), [
    ['below\0', true],
    ['\xff\n\0', false],
  ]);
});

test('a tree is removed, and what its links lead to stays', (t) => {
  const directory = temporaryDirectory(t);
  const outside = join(temporaryDirectory(t), 'precious');
  writeFileSync(outside, '');
  mkdirSync(join(directory, 'a', 'b', 'c'), { recursive: true });
  writeFileSync(join(directory, 'a', 'b', 'file'), '');
  symlinkSync(outside, join(directory, 'a', 'link'));
  symlinkSync(join(outside, '..'), join(directory, 'a', 'b', 'way'));
  writeFileSync(join(directory, 'spared'), '');
  assert.deepEqual(removeContents(openDirectory(directory), directory, ['spared']), []);
  assert.deepEqual(readdirSync(directory), ['spared']);
  assert.ok(existsSync(outside));
});

test('no more is removed than was said, in depth and in number, and that is told', (t) => {
  const directory = temporaryDirectory(t);
  mkdirSync(join(directory, '1', '2', '3'), { recursive: true });
  const fd = openDirectory(directory);
  const shallow = removeContents(fd, 'here', [], { depth: 1, entries: 100 });
  assert.match(shallow.map(String).join(), /here\/1\/2: more than 1 levels deep/);
  assert.ok(existsSync(join(directory, '1', '2', '3')));
  for (let i = 0; i < 20; i++) writeFileSync(join(directory, `f${i}`), '');
  const few = removeContents(fd, 'here', [], { depth: 9, entries: 5 });
  assert.match(few.map(String).join(), /more than 5 names/);
  assert.ok(readdirSync(directory).length > 10);
  assert.deepEqual(removeContents(fd, 'here'), []);
  assert.deepEqual(readdirSync(directory), []);
});

test('what is mounted in a tree stays, and the rest goes', (t) => {
  if (!needs(t, isRoot, 'only root may mount')) return;
  const directory = temporaryDirectory(t);
  const [mounted, source] = [join(directory, 'mounted'), temporaryDirectory(t)];
  mkdirSync(mounted);
  writeFileSync(join(directory, 'file'), '');
  writeFileSync(join(source, 'precious'), '');
  // A bind mount has the device of what is around it.
  if (!needs(t, spawnSync('mount', ['--bind', source, mounted]).status === 0, 'nothing can be mounted here'))
    return;
  try {
    assert.match(removeContents(openDirectory(directory), directory).map(String).join(), /mounted: .*EXDEV/);
    assert.throws(() => openBelow(openDirectory(directory), asName('mounted'), 'steps'), { code: 'EXDEV' });
  } finally {
    spawnSync('umount', [mounted]);
  }
  assert.deepEqual(readdirSync(directory), ['mounted']);
  assert.deepEqual(readdirSync(source), ['precious']);
});

test('what is no regular file is not opened, and nothing is waited for', (t) => {
  const directory = temporaryDirectory(t);
  const path = (name: string) => asName(join(directory, name));
  assert.equal(spawnSync('mkfifo', [join(directory, 'pipe')]).status, 0);
  symlinkSync('/etc/hostname', join(directory, 'link'));
  for (const access of ['reading', 'both'] as const) {
    assert.throws(
      () => openRegular(AT_FDCWD, path('pipe'), { access }),
      /regular file was expected, got a named pipe/,
    );
    assert.throws(() => openRegular(AT_FDCWD, path('link'), { access }), { code: 'ELOOP' });
  }
  assert.throws(
    () => openRegular(AT_FDCWD, asName('/dev/null'), { access: 'reading' }),
    /regular file was expected, got a character device/,
  );
  assert.throws(() => createFile(AT_FDCWD, path('link'), 0o600), { code: 'EEXIST' });
  const fd = createFile(AT_FDCWD, path('file'), 0o600);
  writeAll(fd, 'text');
  assert.equal(readAll(fd, 100).toString(), 'text');
  closeSync(fd);
});

test('a private directory is closed to others, marked, and gone when it is removed', (t) => {
  const directory = temporaryDirectory(t);
  const made = makePrivateDirectory(directory, 'ours', null);
  const below = openBelow(openDirectory(directory), asName('ours'));
  assert.deepEqual(
    entriesOf(below).map(({ name }) => shown(name)),
    ['.lockbench'],
  );
  closeSync(below);
  assert.throws(() => makePrivateDirectory(directory, 'ours', null), { code: 'EEXIST' });
  writeFileSync(join(made.here, 'file'), '');
  assert.deepEqual(made.remove(), []);
  assert.deepEqual(made.remove(), []);
  assert.deepEqual(readdirSync(directory), []);
});

/** Makes directories in a process that may open fewer and fewer files. Prints its complaints, a line each. */
const EXHAUSTED = `
const [, module, directory] = process.argv;
const { makePrivateDirectory } = await import(module);
const { closeSync, openSync } = await import('node:fs');
const held = [];
const say = [];
try {
  for (;;) held.push(openSync('/dev/null'));
} catch {}
for (let room = 0; room < 12; room++) {
  try {
    const problems = makePrivateDirectory(directory, 'with-' + room, null).remove();
    say.push(...problems.map(({ message }) => message));
  } catch ({ message }) {
    say.push(message);
  }
  closeSync(held.pop());
}
for (const fd of held) closeSync(fd);
console.log(say.join('\\n'));
`;

test('where too few files may be open to make a directory, nothing is left of it, or it is named', (t) => {
  const directory = temporaryDirectory(t);
  const module = new URL('../../../bench/machine/files/private-directory.js', import.meta.url).href;
  const node = [process.execPath, '--input-type=module', '-e', EXHAUSTED, module, directory];
  const limited = ['-c', 'ulimit -n 64; exec "$@"', 'sh', ...node];
  const { status, stdout, stderr } = spawnSync('sh', limited, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /EMFILE/);
  for (const name of readdirSync(directory)) assert.ok(stdout.includes(name), `${name} in: ${stdout}`);
});

test('what could not be prepared and then not removed is named with why it could not be made', (t) => {
  const directory = temporaryDirectory(t);
  const refusing = (what: string) => (): never => {
    throw new Error(what);
  };
  const strategy = { ...none, prepare: refusing('not to be made'), destroy: refusing('a thing of it') };
  assert.throws(() => makeRoundDirectory(directory, 1, strategy, null), {
    message: 'not to be made; still there: a thing of it',
  });
  assert.deepEqual(readdirSync(directory), []);
});

test('below a directory of ours in whose place another was put, nothing is made', async (t) => {
  const parent = temporaryDirectory(t);
  const ours = makePrivateDirectory(parent, freshName(), null);
  rememberTested(ours.path, ours.fd);
  const aside = join(parent, 'aside');
  renameSync(ours.path, aside);
  mkdirSync(ours.path);
  const elsewhere = /another process has put something else in the place of this directory/;
  const attempts = [
    () => Promise.resolve(makePrivateDirectory(ours.path, freshName(), null)),
    () => keepDirectory(ours.path, 1, none, null, LIMIT_NS),
  ];
  for (const attempt of attempts) await assert.rejects(async () => void (await attempt()), elsewhere);
  await endKeepers();
  assert.deepEqual(readdirSync(ours.path), []);
  rmdirSync(ours.path);
  renameSync(aside, ours.path);
  const made = await keepDirectory(ours.path, 1, none, null, LIMIT_NS);
  await made.destroy();
  await endKeepers();
  assert.deepEqual(ours.remove(), []);
});
