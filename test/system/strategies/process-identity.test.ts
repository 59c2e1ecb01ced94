/**
 * Who has ended: told of the dead, zombies among them, and of nobody who may be alive.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { unprivilegedIdentity } from '../../../bench/machine/unprivileged.js';
import {
  identityOfThisProcess,
  makeHasEnded,
  type ProcessIdentity,
  startOf,
  uniqueName,
} from '../../../strategies/posix/process-identity.js';
import { until } from '../../support/limit.js';
import { isRoot, needs } from '../../support/support.js';

const self = identityOfThisProcess();
const nameOf = ({ boot, pidNamespace, pid, start }: ProcessIdentity): string =>
  `${boot}.${pidNamespace}.${pid}.${start}.0`;

const judge = makeHasEnded();
function hasEnded(name: string): boolean {
  const bytes = Buffer.from(name);
  return judge(bytes, bytes.length);
}

function started(t: TestContext, ...command: [string, ...string[]]): ChildProcess {
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

test('no two names are the same', () => {
  const names = Array.from({ length: 100 }, uniqueName);
  assert.equal(new Set(names).size, 100);
});

test('this process has not ended, one of its pid that started at another time has', () => {
  assert.equal(hasEnded(uniqueName()), false);
  for (const start of [`${Number(self.start) - 1}`, `${self.start}0`, self.start.slice(0, -1)]) {
    assert.equal(hasEnded(nameOf({ ...self, start })), true, start);
  }
});

test('of another boot and another pid namespace nothing is known, so nothing there has ended', () => {
  const dead = { ...self, start: '1' };
  assert.equal(hasEnded(nameOf(dead)), true);
  assert.equal(
    hasEnded(nameOf({ ...dead, boot: self.boot === 'deadbeef' ? 'feedf00d' : 'deadbeef' })),
    false,
  );
  assert.equal(hasEnded(nameOf({ ...dead, pidNamespace: `${self.pidNamespace}0` })), false);
});

test('what is no name, or not all of one, tells of nobody’s end', () => {
  const dead = nameOf({ ...self, start: '1' });
  for (let length = 0; length < dead.length - 1; length++) {
    assert.equal(hasEnded(dead.slice(0, length)), false, dead.slice(0, length));
  }
  const prefix = `${self.boot}.${self.pidNamespace}.`;
  for (const odd of ['0.1.0', '-1.1.0', 'x.1.0', '12345678901.1.0', '.1.0', '..']) {
    assert.equal(hasEnded(`${prefix}${odd}`), false, odd);
  }
});

test('a process that was killed has ended, not before', async (t) => {
  const child = started(t, 'sleep', '600');
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  const name = nameOf({ ...self, pid, start: startOf(pid) ?? '' });
  assert.equal(hasEnded(name), false);
  child.kill('SIGSTOP');
  assert.equal(hasEnded(name), false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(hasEnded(name), true);
});

test('a zombie has ended, though its pid is still taken', async (t) => {
  // The shell becomes a process that does not reap the child it has.
  const parent = started(t, 'sh', '-c', 'sleep 600 & echo $!; exec sleep 600');
  const [line] = (await once(parent.stdout?.setEncoding('utf8') ?? parent, 'data')) as [string];
  const pid = Number(line);
  // The shell itself may reap a child that ends before it.
  await until(
    'the shell is another program',
    () => readFileSync(`/proc/${parent.pid}/comm`, 'latin1') === 'sleep\n',
  );
  const name = nameOf({ ...self, pid, start: startOf(pid) ?? '' });
  assert.equal(hasEnded(name), false);
  process.kill(pid, 'SIGKILL');
  await until('it is a zombie', () => /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')));
  assert.equal(hasEnded(name), true);
});

test('a living process of another user has not ended', async (t) => {
  if (!needs(t, isRoot, 'only root can become another user')) return;
  // A process that gives up its real uid, too, which `kill` looks at; it loads the code before.
  const program = `
    const { makeHasEnded } = await import(${JSON.stringify(import.meta.resolve('../../../strategies/posix/process-identity.js'))});
    const hasEnded = makeHasEnded();
    process.setgroups([]);
    process.setuid(${unprivilegedIdentity()?.uid ?? 65534});
    const name = Buffer.from(${JSON.stringify(nameOf({ ...self, pid: 1, start: startOf(1) ?? '' }))});
    console.log(hasEnded(name, name.length));`;
  const child = started(t, process.execPath, '--input-type=module', '-e', program);
  const [answer] = (await once(child.stdout?.setEncoding('utf8') ?? child, 'data')) as [string];
  assert.equal(answer, 'false\n');
});
