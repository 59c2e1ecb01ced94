/**
 * What a second start says of the first, as far as it can know.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Evidence, holderOf, refusalOf } from '../../../bench/onedaemon/holder.js';
import { pidIn } from '../../../bench/onedaemon/pid-file.js';
import { childrenOf, nameOf, textOf } from '../../support/daemons.js';
import { until } from '../../support/limit.js';
import { temporaryDirectory } from '../../support/support.js';

const known = { lock: null, shared: false, hasItOpen: () => true };
/** `more`: what else is known than a number in the file, whose process has it open. */
const says = (pid: number | null, more: Partial<Evidence> = {}, staysOfTheDead = false): string =>
  refusalOf('x.pid', holderOf({ ...known, ...more, pid }), staysOfTheDead, 'HINT');

/** More than any that Linux gives. */
const NOBODY = 2 ** 22 + 1;

async function started(t: TestContext, program: string, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  return child;
}

const pidOf = ({ pid }: ChildProcess): number => pid as number;

test('a living process is named, and a hint goes with it only if a lock may be of the dead', async (t) => {
  const sleep = pidOf(await started(t, 'sleep', ['1000']));
  const asked = `unable to lock x.pid, is sleep (pid ${sleep}) already running?`;
  assert.equal(says(sleep), asked);
  assert.equal(says(sleep, {}, true), `${asked} HINT`);
});

test('a name may hold what parts the fields of its line', async (t) => {
  const program = join(temporaryDirectory(t), 'a) Z (b');
  copyFileSync('/bin/sleep', program);
  const pid = pidOf(await started(t, program, ['1000']));
  assert.ok(says(pid).includes(`is a) Z (b (pid ${pid})`), says(pid));
});

test('a process that keeps a command is called by that, which may be long', async (t) => {
  const line = "process.title = 'onedaemon: synchronise-everything'; setInterval(() => {}, 1e9)";
  const pid = pidOf(await started(t, process.execPath, ['-e', line, 'x'.repeat(50)]));
  await until('it has its title', () => textOf(`/proc/${pid}/cmdline`)?.startsWith('onedaemon') === true);
  assert.ok(says(pid).includes(`is synchronise-everything (pid ${pid})`), says(pid));
});

test('who has ended, and is not reaped, has ended', async (t) => {
  const parent = pidOf(await started(t, 'sh', ['-c', 'sleep 1000 & exec sleep 1000']));
  // The shell itself may reap a child that ends before it is another program.
  await until('both sleep', () => [parent, ...childrenOf(parent)].map(nameOf).join() === 'sleep,sleep');
  const [zombie = 0] = childrenOf(parent);
  process.kill(zombie, 'SIGKILL');
  await until('it is a zombie', () => nameOf(zombie) === null);
  assert.match(says(zombie), new RegExp(`pid ${zombie}, which stands there, has ended; HINT$`));
});

test('of what is not to be seen, no more is said than is known', () => {
  assert.match(
    says(NOBODY),
    new RegExp(`it is held, but pid ${NOBODY}, which stands there, has ended; HINT$`),
  );
  assert.match(says(null), /it is held, and no pid stands there; .*HINT$/);
  // The file is another host's, too: a process of that number here is somebody else.
  assert.match(
    says(process.pid, { shared: true }),
    new RegExp(`is pid ${process.pid} already running, .*\\? HINT$`),
  );
});

test('the lock is believed, and not the number in the file', async (t) => {
  const sleep = pidOf(await started(t, 'sleep', ['1000']));
  const ours = process.pid;
  const lock = { pid: sleep, isRead: false };
  assert.equal(says(ours, { lock }), `unable to lock x.pid, is sleep (pid ${sleep}) already running?`);
  assert.match(says(ours, { lock: { pid: sleep, isRead: true } }), /sleep \(pid \d+\) has a read lock on it/);
  assert.match(
    says(2, { lock: { pid: 0, isRead: false } }),
    /it is held by a process of another pid namespace; pid 2, which stands there, is of that one; HINT$/,
  );
  assert.match(
    says(sleep, { hasItOpen: () => false }),
    new RegExp(`pid ${sleep}, which stands there, is now sleep, which does not have the file open; HINT$`),
  );
  // Who may not look does not guess.
  assert.match(
    says(sleep, { hasItOpen: () => null }),
    new RegExp(`is pid ${sleep} already running, which is not`),
  );
});

test('a pid is a number that can be one, and nothing stands beside it but blanks', () => {
  const read = ['17\n', '17', '17\n18\n', ' 17\n', '', '\n', '0\n', '-1\n', '17 x\n', '20261128\n', 'x'].map(
    pidIn,
  );
  assert.deepEqual(read, [17, 17, 17, 17, null, null, null, null, null, null, null]);
  // What JavaScript takes for a number, and for a blank.
  for (const text of ['1e3\n', '0x11\n', '+17\n', '17.0\n', '17\f', '17\u00a0'])
    assert.equal(pidIn(text), null, JSON.stringify(text));
});
