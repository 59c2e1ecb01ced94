/**
 * Names that tell whose they are, and the removal of what a killed start left behind.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { removeLeftovers } from '../../../bench/machine/leftovers.js';
import { hasEnded, ownerOf, ownPrefix } from '../../../bench/machine/owner-name.js';
import { identityOfThisProcess, type ProcessIdentity } from '../../../strategies/posix/process-identity.js';
import { keyOf, openSemaphore, removeSemaphore } from '../../../strategies/posix/sysv-semaphore.js';
import { sysvKeys } from '../../support/leavings.js';
import { isRoot, needs, temporaryDirectory } from '../../support/support.js';

const self = identityOfThisProcess();

const nameOf = ({ boot, pidNamespace, pid, start }: ProcessIdentity, serial = '0'): string =>
  `lockbench.${boot}.${pidNamespace}.${pid}.${start}.${serial}`;

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
  const leftDirectory = join(directory, nameOf(earlier));
  mkdirSync(join(leftDirectory, 'below'), { recursive: true });
  writeFileSync(join(leftDirectory, 'below', 'number'), '1\n');
  const leftFile = join(directory, nameOf(earlier, '1'));
  writeFileSync(leftFile, '');
  const kept = [nameOf(self), nameOf(otherBoot), nameOf(otherNamespace), 'lockbench.txt', 'number'];
  for (const name of kept) writeFileSync(join(directory, name), '');

  // A directory that is named twice is cleaned once.
  const removed = removeLeftovers([directory, directory], null);
  assert.deepEqual(removed.sort(), [leftDirectory, leftFile].sort());
  assert.deepEqual(readdirSync(directory).sort(), kept.sort());
});

test('a System V semaphore goes with the file that says whose it is, and one whose owner lives stays', (t) => {
  const directory = temporaryDirectory(t);
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

test('of a link that bears such a name, the link is removed and its target stays', (t) => {
  const directory = temporaryDirectory(t);
  const target = join(temporaryDirectory(t), 'target');
  mkdirSync(target);
  writeFileSync(join(target, 'precious'), '');
  symlinkSync(target, join(directory, nameOf(earlier)));
  removeLeftovers([directory], null);
  assert.deepEqual(readdirSync(directory), []);
  assert.ok(existsSync(join(target, 'precious')));
});

test('what belongs to another user stays; what belongs to the workers’ user is removed', (t) => {
  if (!needs(t, isRoot, 'giving files away needs root')) return;
  const directory = temporaryDirectory(t);
  const [workers, stranger] = [65534, 65533];
  for (const uid of [0, workers, stranger]) {
    const path = join(directory, nameOf(earlier, `${uid}`));
    mkdirSync(path);
    chownSync(path, uid, uid);
  }
  removeLeftovers([directory], { uid: workers, gid: workers });
  assert.deepEqual(readdirSync(directory), [nameOf(earlier, `${stranger}`)]);
});
