/**
 * Names that tell whose they are, and the removal of what a killed start left behind.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { removeLeftovers } from '../../../bench/machine/files/leftovers.js';
import { makePrivateDirectory } from '../../../bench/machine/files/private-directory.js';
import type { Identity } from '../../../bench/machine/identity.js';
import { sysvKeys } from '../../../bench/machine/leavings.js';
import { hasEnded, MARK_NAME, ownerOf, ownPrefix } from '../../../bench/machine/owner-name.js';
import { ownIpcNamespace } from '../../../strategies/posix/ipc-namespace.js';
import { identityOfThisProcess, type ProcessIdentity } from '../../../strategies/posix/process-identity.js';
import { keyOf, openSemaphore, removeSemaphore } from '../../../strategies/posix/sysv-semaphore.js';
import { inNamespaces } from '../../support/namespaces.js';
import { hasCommand, isRoot, needs, temporaryDirectory } from '../../support/support.js';

const self = identityOfThisProcess();

const nameOf = ({ boot, pidNamespace, pid, start }: ProcessIdentity, serial = '0'): string =>
  `lockbench.${boot}.${pidNamespace}.${pid}.${start}.${serial}`;

/** A directory as we make them, whose maker is somebody else by now. */
function leftBehind(parent: string, name: string, owner: Identity | null = null): string {
  const made = makePrivateDirectory(parent, name, owner);
  writeFileSync(join(made.path, 'number'), '1\n');
  // As when its maker has ended: nobody has the lock.
  closeSync(made.fd);
  return made.path;
}

const earlier = { ...self, start: `${Number(self.start) - 1}` };
const otherBoot = { ...earlier, boot: self.boot === 'deadbeef' ? 'feedf00d' : 'deadbeef' };
const otherNamespace = { ...earlier, pidNamespace: `${Number(self.pidNamespace) + 1}` };

/** A process that sleeps under the name of `path`, killed after the test. */
async function sleeperAt(t: TestContext, path: string): Promise<ChildProcess> {
  symlinkSync('/bin/sleep', path);
  const child = spawn(path, ['600'], { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  return child;
}

test('the owner is read back from a name of this process, with any serial number', () => {
  for (const serial of ['0', 'zz', '1a.shm', '7.part']) {
    assert.deepEqual(ownerOf(`${ownPrefix()}${serial}`), self, serial);
  }
  assert.deepEqual(ownerOf(`sem.${ownPrefix()}0`), self, 'the file of a POSIX semaphore');
  assert.equal(self.pid, process.pid);
});

test('names of others are nobody’s', () => {
  const own = `${ownPrefix()}0`;
  const others = ['', 'number', 'lockbench', 'lockbench.', 'lockbench.txt', 'lockbench.1.2.3', ownPrefix()];
  const alike = [`x${own}`, `${own}/x`, `${own} `, `${own}\n`, own.toUpperCase(), own.replace('.', '-')];
  const odd = [
    'lockbench.1.2.x.4.0',
    'lockbench.g.2.3.4.0',
    'lockbench.1.2.-3.4.0',
    'lockbench.1.2.3.4.0.1.2',
  ];
  for (const name of [...others, ...alike, ...odd]) assert.equal(ownerOf(name), null, JSON.stringify(name));
});

test('this process has not ended', () => {
  assert.equal(hasEnded(self), false);
});

test('a process of the same pid that started at another time has ended', () => {
  assert.equal(hasEnded(earlier), true);
});

test('a process that was killed has ended', async (t) => {
  const child = await sleeperAt(t, join(temporaryDirectory(t), 'sleeper'));
  const { pid = 0 } = child;
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const start = stat.slice(`${pid} (sleeper) `.length).split(' ')[19] ?? '';
  assert.equal(hasEnded({ ...self, pid, start }), false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(hasEnded({ ...self, pid, start }), true);
});

test('a process whose name looks like the fields behind it is known by its start time', async (t) => {
  const path = join(temporaryDirectory(t), 'a) R 1 (b');
  const { pid = 0 } = await sleeperAt(t, path);
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const before = `${pid} (${basename(path)}) `;
  assert.ok(stat.startsWith(before), stat);
  const start = stat.slice(before.length).split(' ')[19] ?? '';
  assert.equal(hasEnded({ ...self, pid, start }), false);
});

test('of another boot and another pid namespace nothing is known, so nothing there has ended', () => {
  assert.equal(hasEnded(otherBoot), false);
  assert.equal(hasEnded(otherNamespace), false);
});

test('only what processes of here that have ended left behind is removed', (t) => {
  const directory = temporaryDirectory(t);
  chmodSync(directory, 0o1777);
  const leftDirectory = leftBehind(directory, nameOf(earlier));
  mkdirSync(join(leftDirectory, 'below'));
  writeFileSync(join(leftDirectory, 'below', 'number'), '1\n');
  const leftFile = join(directory, nameOf(earlier, '1'));
  writeFileSync(leftFile, '');
  const kept = [nameOf(self), nameOf(otherBoot), nameOf(otherNamespace), 'lockbench.txt', 'number'];
  for (const name of kept) writeFileSync(join(directory, name), '');

  // A directory that is named twice is cleaned once.
  const { removed } = removeLeftovers([directory, directory], null);
  assert.deepEqual([...removed].sort(), [leftDirectory, leftFile].sort());
  assert.deepEqual(readdirSync(directory).sort(), kept.sort());
});

test('where others may rename, no file is removed for its name', (t) => {
  const directory = temporaryDirectory(t);
  writeFileSync(join(directory, nameOf(earlier)), 'precious');
  removeLeftovers([directory], null);
  assert.deepEqual(readdirSync(directory), [nameOf(earlier)]);
});

test('a directory without our mark is another’s that was given such a name, and stays', (t) => {
  const directory = temporaryDirectory(t);
  const [unmarked, renamed, open] = ['1', '2', '3'].map((serial) => nameOf(earlier, serial));
  mkdirSync(join(directory, unmarked ?? ''), { mode: 0o700 });
  renameSync(leftBehind(directory, nameOf(earlier)), join(directory, renamed ?? ''));
  chmodSync(leftBehind(directory, open ?? ''), 0o777);
  assert.deepEqual(removeLeftovers([directory], null), { removed: [], problems: [] });
  assert.deepEqual(readdirSync(directory).sort(), [unmarked, renamed, open]);
  assert.equal(readFileSync(join(directory, renamed ?? '', 'number'), 'utf8'), '1\n');
});

test('a directory whose lock is held stays, whatever became of the process in its name', (t) => {
  const directory = temporaryDirectory(t);
  const made = makePrivateDirectory(directory, nameOf(earlier), null);
  assert.deepEqual(removeLeftovers([directory], null).removed, []);
  assert.deepEqual(made.remove(), []);
  assert.deepEqual(readdirSync(directory), []);
});

test('one that was being made, or removed, when its maker was killed is removed', (t) => {
  const directory = temporaryDirectory(t);
  const path = join(directory, nameOf(earlier));
  mkdirSync(path);
  chmodSync(path, 0o1700);
  assert.deepEqual(removeLeftovers([directory], null), { removed: [path], problems: [] });
});

test('one that was being made is removed with a mark half written, and without a sticky bit where nobody may rename', (t) => {
  const directory = temporaryDirectory(t);
  const [begun, plain] = ['begun', 'plain'].map((serial) => join(directory, nameOf(earlier, serial))) as [
    string,
    string,
  ];
  mkdirSync(begun);
  chmodSync(begun, 0o1700);
  writeFileSync(join(begun, MARK_NAME), '');
  mkdirSync(plain, { mode: 0o700 });
  assert.deepEqual(removeLeftovers([directory], null), { removed: [begun], problems: [] });
  assert.deepEqual(readdirSync(directory), [basename(plain)], 'others may have put it there');
  chmodSync(directory, 0o1777);
  assert.deepEqual(removeLeftovers([directory], null), { removed: [plain], problems: [] });
});

test('a System V semaphore goes with the file that says whose it is, and one whose owner lives stays', (t) => {
  const directory = temporaryDirectory(t);
  chmodSync(directory, 0o1777);
  const [left, kept] = [nameOf(earlier, '7.sysv'), nameOf(self, '7.sysv')];
  for (const name of [left, kept]) {
    t.after(() => removeSemaphore(name));
    openSemaphore(name);
    writeFileSync(join(directory, name), '');
  }
  removeLeftovers([directory], null);
  assert.deepEqual(readdirSync(directory), [kept]);
  const keys = sysvKeys();
  assert.deepEqual([keys.includes(keyOf(left)), keys.includes(keyOf(kept))], [false, true]);
});

test('a System V semaphore of another IPC namespace keeps the file that says whose it is: it can be removed from there alone', async (t) => {
  if (!needs(t, hasCommand('unshare', '-i', 'true'), 'IPC namespaces are not to be had here')) return;
  const other = spawn('unshare', ['-i', 'sh', '-c', 'echo in; exec sleep 600'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.after(() => other.kill('SIGKILL'));
  await once(other.stdout, 'data');
  const [namespace = ''] = /\d+/.exec(readlinkSync(`/proc/${other.pid}/ns/ipc`)) ?? [];
  assert.notEqual(namespace, ownIpcNamespace());
  const directory = temporaryDirectory(t);
  chmodSync(directory, 0o1777);
  const [here, there] = [nameOf(earlier, '8.sysv'), nameOf(earlier, '9.sysv')];
  writeFileSync(join(directory, here), ownIpcNamespace());
  writeFileSync(join(directory, there), namespace);
  assert.deepEqual(removeLeftovers([directory], null), { removed: [join(directory, here)], problems: [] });
  assert.deepEqual(readdirSync(directory), [there]);
});

test('an IPC namespace has ended when no process is in it', (t) => {
  const module = new URL('../../../strategies/posix/ipc-namespace.js', import.meta.url);
  const script = `import('${module}').then((m) => console.log(m.hasIpcNamespaceEnded('1'), m.hasIpcNamespaceEnded(m.ownIpcNamespace())))`;
  // In a pid namespace of its own: elsewhere some process may not be looked at, and might be in any.
  const ran = inNamespaces(t, ['-pf', '--mount-proc'], `${process.execPath} -e "${script}"`);
  if (ran !== null) assert.equal(ran.stdout, 'true false\n', ran.stderr);
});

test('where processes are hidden, no IPC namespace has surely ended', (t) => {
  const module = new URL('../../../strategies/posix/ipc-namespace.js', import.meta.url);
  const script = `import('${module}').then((m) => console.log(m.hasIpcNamespaceEnded('1')))`;
  const asNobody = `setpriv --reuid=65534 --regid=65534 --clear-groups ${process.execPath} -e "${script}"`;
  const ran = inNamespaces(t, ['-pmf', '--mount-proc'], `mount -o remount,hidepid=2 /proc && ${asNobody}`);
  if (ran !== null) assert.equal(ran.stdout, 'false\n', ran.stderr);
});

test('a link that bears such a name is not ours: it stays, and so does its target', (t) => {
  const directory = temporaryDirectory(t);
  const target = join(temporaryDirectory(t), 'target');
  mkdirSync(target);
  writeFileSync(join(target, 'precious'), '');
  chmodSync(directory, 0o1777);
  symlinkSync(target, join(directory, nameOf(earlier)));
  removeLeftovers([directory], null);
  assert.deepEqual(readdirSync(directory), [nameOf(earlier)]);
  assert.ok(existsSync(join(target, 'precious')));
});

test('what belongs to another user stays; what belongs to the workers’ user is removed', (t) => {
  if (!needs(t, isRoot, 'giving files away needs root')) return;
  const directory = temporaryDirectory(t);
  const [workers, stranger] = [65534, 65533];
  for (const uid of [0, workers, stranger]) {
    leftBehind(directory, nameOf(earlier, `${uid}`), { uid, gid: uid });
  }
  assert.deepEqual(removeLeftovers([directory], { uid: workers, gid: workers }).problems, []);
  assert.deepEqual(readdirSync(directory), [nameOf(earlier, `${stranger}`)]);
});

test('a file of another user stays where nobody can rename, too; one of the workers’ user is removed', (t) => {
  if (!needs(t, isRoot, 'giving files away needs root')) return;
  const directory = temporaryDirectory(t);
  chmodSync(directory, 0o1777);
  const [workers, stranger] = [65534, 65533];
  for (const uid of [0, workers, stranger]) {
    const path = join(directory, nameOf(earlier, `${uid}`));
    writeFileSync(path, '');
    chownSync(path, uid, uid);
  }
  assert.deepEqual(removeLeftovers([directory], { uid: workers, gid: workers }).problems, []);
  assert.deepEqual(readdirSync(directory), [nameOf(earlier, `${stranger}`)]);
});

test('a process that may not be seen has not ended', (t) => {
  const hidden = ['--mount', 'sh', '-c', 'mount -t proc -o hidepid=2 proc /proc && exec "$@"', 'sh'];
  const hides = isRoot && spawnSync('unshare', [...hidden, 'true']).status === 0;
  if (!needs(t, hides, 'hiding processes needs root and a mount namespace')) return;
  const library = new URL('../../../bench/machine/owner-name.js', import.meta.url).href;
  const seen = `import { readFileSync } from 'node:fs'; import { hasEnded } from '${library}';
    // Loaded as root: the tree may be closed to the stranger.
    process.setgroups([]); process.setgid(65533); process.setuid(65533);
    let visible = true; try { readFileSync('/proc/${self.pid}/stat'); } catch { visible = false; }
    console.log(visible, hasEnded(${JSON.stringify(self)}));`;
  const words = [...hidden, process.execPath, '--input-type=module', '-e', seen];
  const { stdout, stderr } = spawnSync('unshare', words, { encoding: 'utf8' });
  assert.equal(stdout, 'false false\n', stderr);
});
